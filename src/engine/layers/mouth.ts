/** The lips and what is between them: place by place where an edge goes through, as either lip moves elsewhere; see lips.ts. */
import { type Canvas, createWarp } from '../raster/warp.ts';
import type { DepthMap } from '../rig/depth.ts';
import type { Face } from '../rig/face.ts';
import { placeIn } from '../rig/frame.ts';
import type { Pose } from '../rig/gains.ts';
import { boxGrid, emptyField, type Grid, invert } from '../rig/grid.ts';
import { headPlace, headTurn, headWeight, turned } from '../rig/head.ts';
import { clamp } from '../rig/maths.ts';
import { createMotion } from '../rig/motion.ts';
import { jawDrop } from '../rig/mouth-motion.ts';
import { meanOfFour, stageSide, type Texture, videoSide } from '../rig/texture.ts';
import type { Box, Layer } from './layer.ts';
import { createLips, type MouthState } from './lips.ts';

type Sources = { texture: Texture; means: Int32Array; expand: number };

const cell = 4;
/** Beyond the corners, in half widths, and this far from the lips' inner edges, in pixels of the stage, the skin is right as it is. */
const widest = 1.05;
const farthest = 16;

/** Box on the stage in which the slit can be, whatever the pose. */
function largestBox({ mouth, unit }: Face): Box {
  const reach = 1.15 * Math.max(mouth.halfLeft, mouth.halfRight) + 0.32 * unit;
  const [top, bottom] = [placeIn(mouth, 0, -0.4 * unit), placeIn(mouth, 0, 0.75 * unit)];
  return {
    left: Math.min(top.x, bottom.x, mouth.x) - reach,
    right: Math.max(top.x, bottom.x, mouth.x) + reach,
    top: mouth.y - 0.4 * unit - 0.5 * Math.abs(mouth.ex.y) * reach,
    bottom: mouth.y + 0.75 * unit + 0.5 * Math.abs(mouth.ex.y) * reach,
  };
}

export function createMouthLayer(face: Face, depthAt: DepthMap, { texture, means, expand }: Sources): Layer {
  const { mouth, unit } = face;
  const grid: Grid = boxGrid(largestBox(face), cell);
  const motions = {
    upper: createMotion(face, depthAt, grid, 'upper', expand),
    lower: createMotion(face, depthAt, grid, 'lower', expand),
  };
  const moves = emptyField(grid);
  const looks = { upper: emptyField(grid), lower: emptyField(grid) };
  const lips = createLips(face, texture);
  const warp = createWarp(grid, stageSide);
  const centre = {
    place: headPlace(face, mouth.x, mouth.y, depthAt(mouth.x, mouth.y)),
    felt: headWeight(face, mouth.x, mouth.y, expand),
  };
  const count = grid.columns * grid.rows;
  /** For each node: how far below the upper lip's edge and above the lower one's its looks lie, and how far out the nearer of both. */
  const [fromUpper, fromLower, out] = [new Float32Array(count), new Float32Array(count), new Float32Array(count)];

  const isStill = (pose: Pose) => pose.open === 0 && pose.teeth === 0 && pose.press === 0;

  function stateOf(pose: Pose): MouthState {
    const { right, down } = turned(headTurn(pose, unit), centre.place);
    return {
      rounded: clamp(-pose.wide, 0, 1),
      goneX: centre.felt * (right * face.head.ex.x + down * face.head.ey.x),
      goneY: centre.felt * (right * face.head.ex.y + down * face.head.ey.y),
    };
  }

  const [highest, lowest] = [Math.min(...mouth.upper.values), Math.max(...mouth.lower.values)];

  /** Columns and rows of cells in which the slit is in a pose; the last ones are not in it. */
  function cellsOf(pose: Pose, { goneX, goneY }: MouthState): Box {
    const spread = widest + 0.45 * Math.max(0, pose.wide);
    const up = highest - farthest - 0.03 * unit * pose.teeth - 0.05 * unit;
    const down = lowest + farthest + unit * (jawDrop * pose.open + 0.03 * pose.teeth + 0.05);
    const box = { left: Number.POSITIVE_INFINITY, top: Number.POSITIVE_INFINITY, right: 0, bottom: 0 };
    for (let corner = 0; corner < 4; corner += 1) {
      const { x, y } = placeIn(mouth, spread * ((corner & 1) === 0 ? -mouth.halfLeft : mouth.halfRight), corner < 2 ? up : down);
      box.left = Math.min(box.left, x + goneX);
      box.right = Math.max(box.right, x + goneX);
      box.top = Math.min(box.top, y + goneY);
      box.bottom = Math.max(box.bottom, y + goneY);
    }
    return {
      left: clamp(Math.floor((box.left - grid.x) / cell), 0, grid.columns - 1),
      top: clamp(Math.floor((box.top - grid.y) / cell), 0, grid.rows - 1),
      right: clamp(Math.ceil((box.right - grid.x) / cell), 0, grid.columns - 1),
      bottom: clamp(Math.ceil((box.bottom - grid.y) / cell), 0, grid.rows - 1),
    };
  }

  /** Looks of both lips, and what follows from them, at the nodes of those cells. */
  function lookAround(pose: Pose, { left, top, right, bottom }: Box) {
    const columns = right - left + 1;
    const nodes = Uint32Array.from({ length: columns * (bottom - top + 1) }, (_, index) => {
      return (top + Math.floor(index / columns)) * grid.columns + left + (index % columns);
    });
    for (const side of ['upper', 'lower'] as const) {
      motions[side].moves(pose, moves);
      invert(grid, nodes, moves, looks[side]);
    }
    for (let at = 0; at < nodes.length; at += 1) {
      const node = nodes[at] ?? 0;
      const x = grid.x + (node % grid.columns) * cell;
      const y = grid.y + Math.floor(node / grid.columns) * cell;
      const upperX = x + (looks.upper.dx[node] ?? 0);
      const upperY = y + (looks.upper.dy[node] ?? 0);
      const lowerX = x + (looks.lower.dx[node] ?? 0);
      const lowerY = y + (looks.lower.dy[node] ?? 0);
      fromUpper[node] = lips.belowUpper(upperX, upperY);
      fromLower[node] = lips.aboveLower(lowerX, lowerY);
      out[node] = Math.min(Math.abs(lips.inHalves(upperX, upperY)), Math.abs(lips.inHalves(lowerX, lowerY)));
    }
  }

  /** A cell through which an edge goes: four places for each of its pixels. */
  function paintMixed(video: Int32Array, state: MouthState, column: number, row: number) {
    const node = row * grid.columns + column;
    const left = grid.x + column * cell;
    const top = grid.y + row * cell;
    const read = (values: Float32Array, u: number, v: number) =>
      ((values[node] ?? 0) * (1 - u) + (values[node + 1] ?? 0) * u) * (1 - v) +
      ((values[node + grid.columns] ?? 0) * (1 - u) + (values[node + grid.columns + 1] ?? 0) * u) * v;
    const at = (x: number, y: number) => {
      const u = (x + 0.5) / cell;
      const v = (y + 0.5) / cell;
      const px = left + x + 0.5;
      const py = top + y + 0.5;
      const upperX = px + read(looks.upper.dx, u, v);
      const upperY = py + read(looks.upper.dy, u, v);
      const lowerX = px + read(looks.lower.dx, u, v);
      return lips.colourAt(state, px, py, upperX, upperY, lowerX, py + read(looks.lower.dy, u, v));
    };
    for (let y = 0; y < cell; y += 2) {
      for (let x = 0; x < cell; x += 2) {
        const pixel = meanOfFour(at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1));
        video[((top + y) / 2) * videoSide + (left + x) / 2] = pixel;
      }
    }
  }

  const least = (values: Float32Array, node: number) =>
    Math.min(values[node] ?? 0, values[node + 1] ?? 0, values[node + grid.columns] ?? 0, values[node + grid.columns + 1] ?? 0);
  const most = (values: Float32Array, node: number) =>
    Math.max(values[node] ?? 0, values[node + 1] ?? 0, values[node + grid.columns] ?? 0, values[node + grid.columns + 1] ?? 0);

  /** All of a cell's ways: as the skin is, wholly upper lip, wholly lower lip, or place by place. */
  function paintCell(canvas: Canvas, state: MouthState, column: number, row: number) {
    const node = row * grid.columns + column;
    if (least(out, node) > widest) return;
    const deepest = most(fromUpper, node);
    const highestInside = most(fromLower, node);
    if (deepest < -farthest || highestInside < -farthest) return;
    if (deepest < -2) warp.pixels(canvas, means, looks.upper, column, row);
    else if (highestInside < -3 && least(fromUpper, node) > 3) warp.pixels(canvas, means, looks.lower, column, row);
    else paintMixed(canvas.pixels, state, column, row);
  }

  return {
    boxes(pose) {
      if (isStill(pose)) return [];
      const { left, top, right, bottom } = cellsOf(pose, stateOf(pose));
      const inVideo = (from: number, cells: number) => (from + cells * cell) / 2;
      return [
        {
          ...{ left: inVideo(grid.x, left), top: inVideo(grid.y, top) },
          ...{ right: inVideo(grid.x, right), bottom: inVideo(grid.y, bottom) },
        },
      ];
    },
    paint(video, pose) {
      if (isStill(pose)) return;
      const state = stateOf(pose);
      const cells = cellsOf(pose, state);
      lookAround(pose, cells);
      const canvas = { pixels: video, side: videoSide };
      for (let row = cells.top; row < cells.bottom; row += 1) {
        for (let column = cells.left; column < cells.right; column += 1) paintCell(canvas, state, column, row);
      }
    },
  };
}
