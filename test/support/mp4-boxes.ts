/** What tests look up in the boxes of an mp4. */

export type Mp4 = { order: string[]; seconds: number; trackSeconds: number[] };

/** The order of the top boxes, the movie's duration, and each track's (all in seconds). */
export function readMp4(file: Buffer): Mp4 {
  const order: string[] = [];
  const trackSeconds: number[] = [];
  let seconds = 0;
  const walk = (start: number, end: number, depth: number) => {
    for (let at = start; at < end; at += file.readUInt32BE(at)) {
      const name = file.toString('latin1', at + 4, at + 8);
      if (depth === 0) order.push(name);
      if (name === 'mvhd') seconds = file.readUInt32BE(at + 24) / file.readUInt32BE(at + 20);
      if (name === 'mdhd') trackSeconds.push(file.readUInt32BE(at + 24) / file.readUInt32BE(at + 20));
      if (['moov', 'trak', 'mdia'].includes(name)) walk(at + 8, at + file.readUInt32BE(at), depth + 1);
    }
  };
  walk(0, file.length, 0);
  return { order, seconds, trackSeconds };
}
