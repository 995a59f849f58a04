/** What is painted over the skin. */

/** Pixels of the video, without `right` and `bottom` themselves. */
export type Box = { left: number; top: number; right: number; bottom: number };
