import { type Family, type HostileFile, type Kit, nthOf } from './hostile-file.ts';
import { pictureFormats, voiceFormats } from './samples.ts';

/** Any of the good files, in its own role; every format comes in turn. */
export function goodFile(nth: number, { samples }: Kit): HostileFile {
  const formats = [...pictureFormats, ...voiceFormats, 'video'] as const;
  const format = nthOf(formats, nth);
  if (format === 'video') return { role: 'video', what: 'mp4', name: 'video.mp4', bytes: samples.video };
  const [voice] = voiceFormats.filter(each => each === format);
  if (voice !== undefined) return { role: 'voice', what: voice, name: `voice.${voice}`, bytes: samples.voices[voice] };
  const [picture = 'png'] = pictureFormats.filter(each => each === format);
  return { role: 'portrait', what: picture, name: `portrait.${picture}`, bytes: samples.pictures[picture] };
}

type Damage = (bytes: Buffer, dice: Kit['dice']) => Buffer;
const kinds = 14; // formats of goodFile

/** The places at which a file is cut: its first bytes one by one, then all over, then just before its end. */
const cutHead: Damage = (bytes, dice) => bytes.subarray(0, dice.below(64));
const cutAnywhere: Damage = (bytes, dice) => bytes.subarray(0, dice.below(bytes.length));
const cutTail: Damage = (bytes, dice) => bytes.subarray(0, bytes.length - 1 - dice.below(32));

const flipBits: Damage = (bytes, dice) => {
  const changed = Buffer.from(bytes);
  for (let count = 1 + dice.below(40); count > 0; count -= 1) {
    const at = dice.below(changed.length);
    changed[at] = (changed[at] ?? 0) ^ (1 << dice.below(8));
  }
  return changed;
};

/** Most parsers break where lengths and counts stand: near the beginning. */
const flipHeader: Damage = (bytes, dice) => {
  const changed = Buffer.from(bytes);
  for (let count = 1 + dice.below(6); count > 0; count -= 1) changed[4 + dice.below(200)] = dice.pick([0, 1, 0x7f, 0x80, 0xff]);
  return changed;
};

const zeroed: Damage = (bytes, dice) => {
  const from = dice.below(bytes.length);
  return Buffer.from(bytes).fill(0, from, Math.min(bytes.length, from + 1 + dice.below(2_000)));
};

const noise: Damage = (bytes, dice) => {
  const changed = Buffer.from(bytes);
  dice.bytes(64 + dice.below(500)).copy(changed, 16 + dice.below(Math.max(1, bytes.length - 16)));
  return changed;
};

const hole: Damage = (bytes, dice) => {
  const from = dice.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + dice.below(300))]);
};

const doubled: Damage = (bytes, dice) => {
  const from = dice.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(dice.below(from + 1))]);
};

const shifted: Damage = (bytes, dice) => Buffer.concat([dice.bytes(1 + dice.below(8)), bytes]);
const trailing: Damage = (bytes, dice) => Buffer.concat([bytes, dice.bytes(1 + dice.below(5_000))]);

const damages: readonly (readonly [string, Damage])[] = [
  ...([
    ['cut in its head', cutHead],
    ['cut', cutAnywhere],
    ['cut at its end', cutTail],
    ['flipped bits', flipBits],
  ] as const),
  ...([
    ['flipped header', flipHeader],
    ['zeroed', zeroed],
    ['noise inside', noise],
    ['a hole', hole],
  ] as const),
  ...([
    ['cut', cutAnywhere],
    ['a part twice', doubled],
    ['shifted', shifted],
    ['trailing noise', trailing],
  ] as const),
];

/** Files that were good and came to harm. */
export const damaged: Family = {
  name: 'damaged',
  weight: 32,
  make(nth, kit) {
    const good = goodFile(nth, kit);
    const [what, damage] = nthOf(damages, Math.floor(nth / kinds));
    return { ...good, what: `${good.what}, ${what}`, bytes: damage(good.bytes, kit.dice) };
  },
};
