/** What is painted over the skin. */
import type { Pose } from '../rig/gains.ts';
import type { Field, Grid } from '../rig/grid.ts';

/** Pixels of the video, without `right` and `bottom` themselves. */
export type Box = { left: number; top: number; right: number; bottom: number };

/** `looks` says for the stage's grid where its places were in the resting picture. */
export type Layer = {
  /** Where it would paint; nowhere where the pose leaves it as the skin is. */
  boxes(pose: Pose, grid: Grid, looks: Field): Box[];
  /** Paints over the skin, in those boxes alone. */
  paint(video: Int32Array, pose: Pose, grid: Grid, looks: Field): void;
};
