import { type Family, type HostileFile, nthOf } from './hostile-file.ts';

/** Words of a WAV's format chunk; what is not given fits together. */
type Form = {
  tag: number;
  channels: number;
  rate: number;
  bits: number;
  byteRate?: number;
  blockAlign?: number;
  statedBytes?: number;
  riff?: string;
  extra?: Buffer;
};

const pcm = 1;
const float = 3;
const maxBytes = 2_000_000;

/** Half a second and more of a tone in the form that the header states, as far as that can be written. */
function tone({ tag, channels, rate, bits }: Form, seconds: number): Buffer {
  const sampleBytes = Math.max(1, Math.ceil(bits / 8));
  const frames = Math.max(1, Math.round(Math.min(seconds * rate, maxBytes / Math.max(1, channels * sampleBytes))));
  const data = Buffer.alloc(Math.min(maxBytes, frames * Math.max(1, channels) * sampleBytes));
  for (let at = 0; at + sampleBytes <= data.length; at += sampleBytes) {
    const value = 0.3 * Math.sin(at / sampleBytes / Math.max(1, channels) / 20);
    if (tag === float && bits === 32) data.writeFloatLE(value, at);
    else if (tag === float && bits === 64) data.writeDoubleLE(value, at);
    else if (bits === 16) data.writeInt16LE(Math.round(value * 32_767), at);
    else if (bits === 24) data.writeIntLE(Math.round(value * 8_388_607), at, 3);
    else if (bits === 32) data.writeInt32LE(Math.round(value * 2_147_483_647), at);
    else data[at] = 128 + Math.round(value * 127);
  }
  return data;
}

function wav(form: Form, data: Buffer): Buffer {
  const { tag, channels, rate, bits, extra = Buffer.alloc(0), riff = 'RIFF', statedBytes = data.length } = form;
  const head = Buffer.alloc(36 + extra.length + 8);
  const blockAlign = form.blockAlign ?? (channels * Math.ceil(bits / 8)) & 0xffff;
  head.write(riff, 0, 'latin1');
  head.writeUInt32LE((head.length - 8 + data.length) >>> 0, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16 + extra.length, 16);
  head.writeUInt16LE(tag, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE((form.byteRate ?? rate * blockAlign) >>> 0, 28);
  head.writeUInt16LE(blockAlign, 32);
  head.writeUInt16LE(bits, 34);
  extra.copy(head, 36);
  head.write('data', 36 + extra.length, 'latin1');
  head.writeUInt32LE(statedBytes, 40 + extra.length);
  return Buffer.concat([head, data]);
}

/** The sub-format of WAVE_FORMAT_EXTENSIBLE, with a mask of speakers. */
function extensible(bits: number, mask: number): Buffer {
  const extra = Buffer.alloc(24);
  extra.writeUInt16LE(22, 0);
  extra.writeUInt16LE(bits, 2);
  extra.writeUInt32LE(mask, 4);
  Buffer.from('0100000000001000800000aa00389b71', 'hex').copy(extra, 8);
  return extra;
}

const usual: Form = { tag: pcm, channels: 1, rate: 16_000, bits: 16 };
const channelCounts = [0, 2, 3, 4, 5, 6, 7, 8, 9, 16, 24, 64, 255, 1_000, 65_535];
const rates = [0, 1, 2, 100, 3_999, 4_000, 8_000, 11_025, 22_050, 96_000, 192_000, 192_001, 384_000, 0x7fff_ffff, 0xffff_ffff];
const bitDepths = [0, 1, 2, 4, 7, 8, 12, 20, 24, 32, 33, 64, 65_535];
const tags = [0, 2, 6, 7, 0x11, 0x31, 0x50, 0x55, 0x161, 0x2000, 0xff, 0xf1ac, 0xffff];
const statedSizes = [0, 1, 3, 44, 0x7fff_ffff, 0xffff_fffe, 0xffff_ffff];

const forms: readonly (readonly [string, Form])[] = [
  ...channelCounts.map(channels => [`${channels} channels`, { ...usual, channels }] as const),
  ...rates.map(rate => [`${rate} Hz`, { ...usual, rate }] as const),
  ...bitDepths.map(bits => [`${bits} bits`, { ...usual, bits }] as const),
  ...tags.map(tag => [`codec ${tag}`, { ...usual, tag }] as const),
  ...statedSizes.map(statedBytes => [`${statedBytes} bytes stated`, { ...usual, statedBytes }] as const),
  ['32-bit float', { ...usual, tag: float, bits: 32 }],
  ['64-bit float', { ...usual, tag: float, bits: 64 }],
  ['16-bit float', { ...usual, tag: float, bits: 16 }],
  ['8 channels, 192 kHz, 24 bit', { tag: pcm, channels: 8, rate: 192_000, bits: 24 }],
  ['8 channels, 8 kHz', { tag: pcm, channels: 8, rate: 8_000, bits: 16 }],
  ['no block', { ...usual, blockAlign: 0 }],
  ['a giant block', { ...usual, blockAlign: 65_535 }],
  ['no byte rate', { ...usual, byteRate: 0 }],
  ['a giant byte rate', { ...usual, byteRate: 0xffff_ffff }],
  ['big endian', { ...usual, riff: 'RIFX' }],
  ['64-bit sizes that are missing', { ...usual, riff: 'RF64', statedBytes: 0xffff_ffff }],
  ['extensible', { ...usual, tag: 0xfffe, extra: extensible(16, 4) }],
  ['extensible, 6 channels on no speaker', { ...usual, tag: 0xfffe, channels: 6, extra: extensible(16, 0) }],
  ['extensible, all speakers', { ...usual, tag: 0xfffe, channels: 2, extra: extensible(16, 0xffff_ffff) }],
  ['extensible with 99 bits', { ...usual, tag: 0xfffe, extra: extensible(99, 4) }],
];

const strange = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e38, -1e38, 5e-324];

/** Samples that no loudness can be told of. */
function floats(nth: number): HostileFile {
  const data = Buffer.alloc(64_000);
  const value = nthOf(strange, nth);
  for (let at = 0; at < data.length; at += 4) data.writeFloatLE(at % 64 === 0 ? value : 0.1 * Math.sin(at / 80), at);
  const bytes = wav({ ...usual, tag: float, bits: 32 }, data);
  return { role: 'voice', what: `samples of ${value}`, name: 'float.wav', bytes };
}

/** Sound of every form that a header can state, true or not. */
export const soundForms: Family = {
  name: 'sound forms',
  weight: 13,
  make(nth, { dice }) {
    if (nth % 12 === 11) return floats(Math.floor(nth / 12));
    const [what, form] = nthOf(forms, nth - Math.floor(nth / 12));
    // From the second time on the forms meet others.
    const mixed = nth < forms.length * 1.1 ? form : { ...form, rate: dice.pick(rates), channels: dice.pick(channelCounts) };
    const data = tone(mixed, dice.pick([0.01, 0.5, 1, 2]));
    return { role: 'voice', what: mixed === form ? what : `${what}, mixed`, name: 'form.wav', bytes: wav(mixed, data) };
  },
};
