/** How near each place of the picture is to the viewer, from the landmarks' depths alone. */
import type { Face } from './face.ts';
import { eachNode, type Grid, nodeCount, sampleGrid, stageGrid } from './grid.ts';

/** Depth at any place, in pixels: exact at the landmarks, smooth between and beyond them. */
export type DepthMap = (x: number, y: number) => number;

const cell = 16;

/**
 * Every place takes the mean of all landmarks, each weighted by 1 / (distance² + softness²)². Within the face that follows its
 * relief; outside it tends to the depth of the nearest part of the outline, so hair and neck move with what they touch. There
 * are no triangles, so a turned cheek can't fold over itself.
 */
export function createDepthMap(face: Face): DepthMap {
  const grid: Grid = stageGrid(cell);
  const values = new Float32Array(nodeCount(grid));
  const { points } = face;
  const softness = (0.06 * face.unit) ** 2;
  eachNode(grid, (index, x, y) => {
    let sum = 0;
    let weights = 0;
    for (let at = 0; at < points.length; at += 3) {
      const dx = x - (points[at] ?? 0);
      const dy = y - (points[at + 1] ?? 0);
      const distance = dx * dx + dy * dy + softness;
      const weight = 1 / (distance * distance);
      sum += weight * (points[at + 2] ?? 0);
      weights += weight;
    }
    values[index] = sum / weights;
  });
  return (x, y) => sampleGrid(grid, values, x, y);
}
