/** Title and comment of an mp4, as iTunes and FFmpeg write them: udta → meta → ilst → ©nam and ©cmt → data. */
import { MARK, MARKED } from '../mark.ts';
import { bodyAt, box } from './boxes.ts';

const TITLE = '\u00a9nam';
const COMMENT = '\u00a9cmt';
/** `meta` begins with 4 bytes of version and flags. */
const META_HEAD = Buffer.alloc(4);
/** Data of the kind 1, UTF-8, in no language. */
const TEXT_HEAD = Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]);

/** Whether the index says already that the video is AI-generated. */
export function isMarked(moovBody: Buffer): boolean {
  const list = bodyAt(bodyAt(moovBody, 'udta', 'meta')?.subarray(META_HEAD.length), 'ilst');
  return [TITLE, COMMENT].every(name => bodyAt(list, name, 'data')?.includes(MARKED));
}

/** The box `udta` that says it. */
export function markBox(): Buffer {
  const handler = box('hdlr', Buffer.alloc(8), Buffer.from('mdirappl'), Buffer.alloc(9));
  const text = (name: string, value: string) => box(name, box('data', TEXT_HEAD, Buffer.from(value)));
  return box('udta', box('meta', META_HEAD, handler, box('ilst', text(TITLE, MARK.title), text(COMMENT, MARK.comment))));
}
