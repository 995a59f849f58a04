import type { FileHandle } from 'node:fs/promises';

/** The beginning of a file is read at once, for there lies all that is looked at in most. */
export const PIECE_BYTES = 1_048_576;

/** Reads of one file. What it answers of the beginning are views of the same bytes. */
export type Reader = {
  sizeBytes: number;
  /** Exactly so many bytes; undefined where the file ends before them. */
  at(position: number, length: number): Promise<Buffer | undefined>;
};

export async function openReader(file: FileHandle): Promise<Reader> {
  const { size: sizeBytes } = await file.stat();
  const read = async (position: number, length: number) => {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
    return bytesRead === length ? buffer : undefined;
  };
  const head = (await read(0, Math.min(PIECE_BYTES, sizeBytes))) ?? Buffer.alloc(0);
  return {
    sizeBytes,
    at: async (position, length) =>
      position + length <= head.length ? head.subarray(position, position + length) : read(position, length),
  };
}
