/** Writes into an ordinary mp4 that it is AI-generated, without a child process. */
import { open } from 'node:fs/promises';
import { box, boxesOf, HEADER_BYTES, u32 } from './boxes.ts';
import { type OrdinaryMp4, readOrdinaryMp4 } from './ordinary.ts';
import { openReader, PIECE_BYTES, type Reader } from './reader.ts';
import { isMarked, markBox } from './title.ts';

/**
 * Copies the video, its index first and with the mark in place of what was said there. undefined: it is no ordinary mp4, and nothing is
 * known of it. Rejects when the copy can't be written, or upon abort; a part of it may lie there then.
 */
export async function markOrdinaryMp4(order: {
  path: string;
  outputPath: string;
  signal?: AbortSignal | undefined;
}): Promise<{ marked: boolean } | undefined> {
  const file = await open(order.path);
  try {
    const reader = await openReader(file);
    const video = await readOrdinaryMp4(reader);
    if (video === undefined) return undefined;
    if (isMarked(video.moov.subarray(HEADER_BYTES))) return { marked: false };
    await copyMarked(reader, video, order);
    return { marked: true };
  } finally {
    await file.close();
  }
}

/** The index with the mark; the chunks' offsets go with the data behind it. */
function markedIndex({ moovStart, moov, offsets }: OrdinaryMp4): Buffer {
  const kept = (boxesOf(moov.subarray(HEADER_BYTES)) ?? []).filter(({ type }) => type !== 'udta').map(({ whole }) => whole);
  const mark = markBox();
  const newBytes = kept.reduce((sum, { length }) => sum + length, HEADER_BYTES + mark.length);
  for (const table of offsets) {
    for (let at = 8; at < table.length; at += 4) {
      const offset = u32(table, at);
      // What lay between the beginning and the old index moves by the new one, what lay behind it by the difference.
      table.writeUInt32BE(offset + newBytes - (offset > moovStart ? moov.length : 0), at);
    }
  }
  return box('moov', ...kept, mark);
}

async function copyMarked(
  from: Reader,
  video: OrdinaryMp4,
  { outputPath, signal }: { outputPath: string; signal?: AbortSignal | undefined },
): Promise<void> {
  const { ftypEnd, moovStart, moov } = video;
  const to = await open(outputPath, 'w', 0o600);
  const copy = async (start: number, end: number) => {
    for (let at = start; at < end; ) {
      signal?.throwIfAborted();
      // Pieces begin where pieces of the whole file do: the first was read.
      const next = Math.min(end, at - (at % PIECE_BYTES) + PIECE_BYTES);
      const piece = await from.at(at, next - at);
      if (piece === undefined) throw new Error('the video became shorter while it was copied');
      await to.writeFile(piece);
      at = next;
    }
  };
  try {
    await copy(0, ftypEnd);
    await to.writeFile(markedIndex(video));
    await copy(ftypEnd, moovStart);
    await copy(moovStart + moov.length, from.sizeBytes);
  } finally {
    await to.close();
  }
}
