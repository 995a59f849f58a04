/** Paints frames: one pose in, one I420 picture out. A frame depends on its pose alone, so workers may share the frames out. */
import { createEyeLayer } from '../layers/eyes.ts';
import type { Box } from '../layers/layer.ts';
import { createMouthLayer } from '../layers/mouth.ts';
import { frameBytes, toI420 } from '../raster/i420.ts';
import { planesOf } from '../raster/planes.ts';
import { type Canvas, createWarp, isEven } from '../raster/warp.ts';
import { createDepthMap } from '../rig/depth.ts';
import { measureFace } from '../rig/face.ts';
import type { Pose } from '../rig/gains.ts';
import { emptyField, type Field, type Grid, invert, stageGrid } from '../rig/grid.ts';
import { createMotion } from '../rig/motion.ts';
import { meansOf, stageSide, type Texture, videoSide } from '../rig/texture.ts';

/** What is painted: a portrait on stageSide × stageSide and its landmarks there; `expand` is face_expand_ratio. */
export type Scene = { texture: Texture; mesh: Float32Array; expand: number };

export type Painter = { paint(pose: Pose, out: Uint8Array): void };

const cell = 8;
/** Tiles of 2 × 2 cells are drawn, or left as the resting picture where nothing moves. In pixels of the video, and their number. */
const tile = cell;
const tiles = videoSide / tile;
/** Pixels of the stage that nobody sees move. */
const unseen = 0.02;

function movesAt(grid: Grid, looks: Field, column: number, row: number): boolean {
  for (let y = 0; y <= 2; y += 1) {
    for (let x = 0; x <= 2; x += 1) {
      const node = (row * 2 + y) * grid.columns + column * 2 + x;
      if (Math.abs(looks.dx[node] ?? 0) > unseen || Math.abs(looks.dy[node] ?? 0) > unseen) return true;
    }
  }
  return false;
}

export function createPainter({ texture, mesh, expand }: Scene): Painter {
  const face = measureFace(mesh, texture);
  const depthAt = createDepthMap(face);
  const grid = stageGrid(cell);
  const motion = createMotion(face, depthAt, grid, 'whole', expand);
  const means = meansOf(texture);
  const planes = planesOf(means, stageSide);
  const warp = createWarp(grid, stageSide);
  const mouth = createMouthLayer(face, depthAt, { texture, means, expand });
  const eyes = createEyeLayer(face, texture);
  const [moves, looks] = [emptyField(grid), emptyField(grid)];
  const still = emptyField(grid);
  /** Where something is painted over the skin, the skin is drawn in colours first. */
  const layered: Canvas = { pixels: new Int32Array(videoSide * videoSide), side: videoSide };
  const resting = new Uint8Array(frameBytes);
  /** Tiles over which something is painted in this frame. */
  const isLayered = new Uint8Array(tiles * tiles);

  for (let row = 0; row < tiles; row += 1) {
    for (let column = 0; column < tiles; column += 1) warp.planes(resting, planes, still, 2 * column, 2 * row, 2);
  }

  /** At the picture's border places are cut off at its edge, which a larger part would feel. */
  const isInner = (column: number, row: number) => column > 0 && row > 0 && column < tiles - 1 && row < tiles - 1;

  function drawTile(out: Uint8Array, column: number, row: number) {
    if (isInner(column / 2, row / 2) && isEven(looks, grid.columns, row * grid.columns + column)) {
      warp.planes(out, planes, looks, column, row, 2);
      return;
    }
    warp.planes(out, planes, looks, column, row, 1);
    warp.planes(out, planes, looks, column + 1, row, 1);
    warp.planes(out, planes, looks, column, row + 1, 1);
    warp.planes(out, planes, looks, column + 1, row + 1, 1);
  }

  /** To be painted over, in colours. */
  function drawUnder(column: number, row: number) {
    warp.pixels(layered, means, looks, column, row);
    warp.pixels(layered, means, looks, column + 1, row);
    warp.pixels(layered, means, looks, column, row + 1);
    warp.pixels(layered, means, looks, column + 1, row + 1);
  }

  function drawSkin(out: Uint8Array) {
    for (let row = 0, index = 0; row < tiles; row += 1) {
      for (let column = 0; column < tiles; column += 1, index += 1) {
        if (isLayered[index] === 1) drawUnder(2 * column, 2 * row);
        else if (movesAt(grid, looks, column, row)) drawTile(out, 2 * column, 2 * row);
      }
    }
  }

  function mark({ left, top, right, bottom }: Box) {
    for (let row = Math.floor(top / tile); row * tile < bottom; row += 1) {
      for (let column = Math.floor(left / tile); column * tile < right; column += 1) isLayered[row * tiles + column] = 1;
    }
  }

  return {
    paint(pose, out) {
      motion.moves(pose, moves);
      invert(grid, motion.nodes, moves, looks);
      isLayered.fill(0);
      for (const layer of [mouth, eyes]) layer.boxes(pose, grid, looks).forEach(mark);
      out.set(resting);
      drawSkin(out);
      for (const layer of [mouth, eyes]) layer.paint(layered.pixels, pose, grid, looks);
      for (let index = 0; index < isLayered.length; index += 1) {
        if (isLayered[index] === 0) continue;
        toI420(layered.pixels, out, (index % tiles) * tile, Math.floor(index / tiles) * tile, tile, tile);
      }
    },
  };
}
