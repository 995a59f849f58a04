/** From a voice to everything that moves. Pure: the same samples give the same curves. */
import type { Curves } from '../curves.ts';
import { blinkTimes, gazeAt, glances, lidAt } from './eyes.ts';
import { measure } from './features.ts';
import { headOf } from './head.ts';
import { levelsOf } from './levels.ts';
import { mouthOf } from './mouth.ts';
import { hashOf, seededRandom } from './random.ts';
import { toVoiceRate, voiceRate, withoutRumble } from './resample.ts';
import { clamp, highest, sampleAt, type Track, trackRate } from './tracks.ts';

/** Frames a second, of the curves and of the video. */
export const curvesFps = 25;
/** A closure is seen in the frame in whose time it falls, however short it is: this far around the frame's middle. */
const pressReach = 1;
/** How far the eyes turn back when the head turns, to keep looking at the viewer. */
const holdGaze = 0.3;

const frameMiddle = (frame: number) => (frame + 0.5) / curvesFps;

/**
 * The curves of a voice (mono, -1 to 1, any rate), `frames` of them at 25 a second; beyond the voice's end it is silent.
 * Takes about 10 ms for each second of voice, and memory for a copy of it at 16 kHz.
 */
export function voiceCurves(samples: Float32Array, sampleRate: number, frames: number): Curves {
  // As long as the video: what is missing of the voice is silence.
  const voice = new Float32Array((frames * voiceRate) / curvesFps);
  voice.set(toVoiceRate(samples, sampleRate).subarray(0, voice.length));
  const features = measure(withoutRumble(voice));
  const levels = levelsOf(features);
  const mouth = mouthOf(features, levels);
  const random = seededRandom(hashOf(voice));
  const head = headOf(features, levels, mouth.voiced, random);
  const blinks = blinkTimes(random, levels.loud, frames / curvesFps);
  const looks = glances(random, levels.loud, frames / curvesFps);

  const curve = (value: (frame: number) => number): Float32Array =>
    Float32Array.from({ length: frames }, (_, frame) => value(frame));
  const along = (track: Track) => curve(frame => sampleAt(track, frameMiddle(frame)));
  const press = curve(frame => {
    const at = Math.floor(frameMiddle(frame) * trackRate);
    return clamp(highest(mouth.press, at, -pressReach, pressReach), 0, 1);
  });
  const open = along(mouth.open);
  const yaw = along(head.yaw);
  const pitch = along(head.pitch);
  return {
    frames,
    open: open.map((value, frame) => value * (1 - (press[frame] ?? 0))),
    wide: along(mouth.wide),
    teeth: along(mouth.teeth),
    press,
    brows: along(head.brows),
    blink: curve(frame => blinks.reduce((most, time) => Math.max(most, lidAt(frameMiddle(frame) - nearestFrame(time))), 0)),
    gazeX: curve(frame => clamp(gazeAt(looks, frameMiddle(frame)).x - holdGaze * (yaw[frame] ?? 0), -1, 1)),
    gazeY: curve(frame => clamp(gazeAt(looks, frameMiddle(frame)).y - holdGaze * (pitch[frame] ?? 0), -1, 1)),
    yaw,
    pitch,
    roll: along(head.roll),
    tx: along(head.tx),
    ty: along(head.ty),
    breath: along(head.breath),
  };
}

/** The middle of the frame at a time, so that each blink has a frame in which the lids are down. */
const nearestFrame = (seconds: number) => frameMiddle(Math.floor(seconds * curvesFps));
