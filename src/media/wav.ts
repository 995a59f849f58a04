/** WAV files of 16-bit mono PCM: the one form in which voices are handed on. */

const headerBytes = 44;
const pcmFormat = 1;

/** Encodes mono samples from -1 to 1 as a WAV file of 16-bit PCM. */
export function encodeWav(samples: Float32Array, sampleRate: number): Buffer {
  const file = Buffer.alloc(headerBytes + samples.length * 2);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(pcmFormat, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, at) => {
    file.writeInt16LE(Math.round(Math.min(1, Math.max(-1, sample)) * 32_767), headerBytes + at * 2);
  });
  return file;
}

/**
 * The sample rate of a WAV file that has exactly the form of `encodeWav` (plain header, 16-bit mono PCM, all of its data there
 * and nothing else, so no tags that say more than the voice); undefined for every other file.
 */
export function plainWavRate(file: Buffer): number | undefined {
  if (file.length < headerBytes || file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 16) !== 'WAVEfmt ')
    return undefined;
  const isPlain =
    file.readUInt32LE(4) === file.length - 8 &&
    file.readUInt32LE(16) === 16 &&
    file.readUInt16LE(20) === pcmFormat &&
    file.readUInt16LE(22) === 1 &&
    file.readUInt16LE(34) === 16 &&
    file.toString('latin1', 36, 40) === 'data' &&
    file.readUInt32LE(40) === file.length - headerBytes;
  return isPlain ? file.readUInt32LE(24) : undefined;
}
