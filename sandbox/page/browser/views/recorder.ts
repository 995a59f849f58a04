import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../html.ts';
import { Icon } from './icon.ts';

const kinds = [
  { type: 'audio/webm;codecs=opus', ending: 'webm' },
  { type: 'audio/ogg;codecs=opus', ending: 'ogg' },
  { type: 'audio/mp4', ending: 'm4a' },
] as const;
const longestMs = 60_000;

/** Records the microphone into a file, for a minute at most. */
export function Recorder({ label, onRecorded }: { label: string; onRecorded: (file: File) => void }) {
  const [seconds, setSeconds] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const recorder = useRef<MediaRecorder | null>(null);
  useEffect(() => {
    if (seconds === null) return;
    if (seconds * 1000 >= longestMs) return recorder.current?.stop();
    const timer = setTimeout(() => setSeconds(seconds + 1), 1_000);
    return () => clearTimeout(timer);
  }, [seconds]);
  useEffect(() => () => release(recorder.current), []);

  async function start() {
    const kind = kinds.find(each => MediaRecorder.isTypeSupported(each.type));
    if (kind === undefined) return setProblem('This browser can not record.');
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const made = new MediaRecorder(stream, { mimeType: kind.type });
      const parts: Blob[] = [];
      made.addEventListener('dataavailable', ({ data }) => parts.push(data));
      made.addEventListener('stop', () => {
        release(made);
        recorder.current = null;
        setSeconds(null);
        onRecorded(new File(parts, `voice.${kind.ending}`, { type: kind.type.replace(/;.*/, '') }));
      });
      made.start();
      recorder.current = made;
      setProblem(null);
      setSeconds(0);
    } catch {
      setProblem('The microphone is not allowed, or there is none.');
    }
  }

  const recording = seconds !== null;
  return html`
    <button type="button" class=${`button small ${recording ? 'danger' : 'secondary'}`}
      aria-label=${`${label}: ${recording ? 'stop recording' : 'record with the microphone'}`}
      onClick=${recording ? () => recorder.current?.stop() : start}>
      <${Icon} name=${recording ? 'stop' : 'microphone'} />${recording ? `Stop (${seconds} s)` : 'Record'}
    </button>
    ${problem && html`<p class="problem" role="alert">${problem}</p>`}
  `;
}

function release(recorder: MediaRecorder | null): void {
  for (const track of recorder?.stream.getTracks() ?? []) track.stop();
}
