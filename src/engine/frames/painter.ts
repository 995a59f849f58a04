/** Paints frames: one pose in, one I420 picture out. A frame depends on its pose alone, so workers may share the frames out. */
import { createEyeLayer } from '../layers/eyes.ts';
import { createMouthLayer } from '../layers/mouth.ts';
import { frameBytes, shrink, toI420 } from '../raster/shrink.ts';
import { type Canvas, warpCell } from '../raster/warp.ts';
import { createDepthMap } from '../rig/depth.ts';
import { type Face, measureFace } from '../rig/face.ts';
import type { Pose } from '../rig/gains.ts';
import { emptyField, type Field, type Grid, invert, stageGrid } from '../rig/grid.ts';
import { createMotion } from '../rig/motion.ts';
import { softTexture, stageSide, type Texture, videoSide } from '../rig/texture.ts';

/** What is painted: a portrait on stageSide × stageSide and its landmarks there; `expand` is face_expand_ratio. */
export type Scene = { texture: Texture; mesh: Float32Array; expand: number };

export type Painter = { paint(pose: Pose, out: Uint8Array): void };

const cell = 8;
/** Tiles of 2 × 2 cells are drawn, or left as the resting picture where nothing moves. */
const tile = 2 * cell;
const tiles = stageSide / tile;
const videoTile = tile / 2;
/** Pixels of the stage that nobody sees move. */
const unseen = 0.02;
const corners = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const;

type Box = { left: number; top: number; right: number; bottom: number };

/** Tiles that are drawn with four samples a pixel: the face with some room, and all that is painted on it. */
function fineTiles({ points, unit }: Face, painted: Box): Uint8Array {
  const xs = points.filter((_, index) => index % 3 === 0);
  const ys = points.filter((_, index) => index % 3 === 1);
  const room = 0.12 * unit;
  const box: Box = {
    left: Math.min(painted.left, Math.min(...xs) - room),
    top: Math.min(painted.top, Math.min(...ys) - room),
    right: Math.max(painted.right, Math.max(...xs) + room),
    bottom: Math.max(painted.bottom, Math.max(...ys) + room),
  };
  return Uint8Array.from({ length: tiles * tiles }, (_, index) => {
    const [x, y] = [(index % tiles) * tile, Math.floor(index / tiles) * tile];
    return x + tile > box.left && x < box.right && y + tile > box.top && y < box.bottom ? 1 : 0;
  });
}

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
  const mouth = createMouthLayer(face, depthAt, texture, expand);
  const eyes = createEyeLayer(face, texture);
  const [moves, looks] = [emptyField(grid), emptyField(grid)];
  const still = emptyField(grid);
  const soft = softTexture(texture);
  const fine = fineTiles(face, mouth.box);
  const stage: Canvas = { pixels: new Int32Array(stageSide * stageSide), side: stageSide, spacing: 1 };
  const video: Canvas = { pixels: new Int32Array(videoSide * videoSide), side: videoSide, spacing: 2 };
  const resting = new Uint8Array(frameBytes);

  /** Draws the skin of one tile: on the stage where it is fine, else at once into the video. */
  function drawTile(index: number, through: Field) {
    const [column, row] = [(index % tiles) * 2, Math.floor(index / tiles) * 2];
    const isFine = fine[index] === 1;
    for (const [x, y] of corners) {
      warpCell(isFine ? stage : video, isFine ? texture : soft, stageSide, grid, through, column + x, row + y);
    }
  }

  function finishTile(index: number, out: Uint8Array) {
    const [x, y] = [(index % tiles) * videoTile, Math.floor(index / tiles) * videoTile];
    if (fine[index] === 1) shrink(stage.pixels, video.pixels, x, y, videoTile, videoTile);
    toI420(video.pixels, out, x, y, videoTile, videoTile);
  }

  for (let index = 0; index < fine.length; index += 1) {
    drawTile(index, still);
    finishTile(index, resting);
  }
  /** Tiles of the stage that differ from the resting picture, of this frame and of the one before. */
  const drawn = new Uint8Array(tiles * tiles);

  function drawSkin() {
    for (let index = 0; index < drawn.length; index += 1) {
      const isMoving = movesAt(grid, looks, index % tiles, Math.floor(index / tiles));
      if (isMoving) drawTile(index, looks);
      else if (drawn[index] === 1) drawTile(index, still);
      drawn[index] = isMoving ? 1 : 0;
    }
  }

  function markFine() {
    for (let index = 0; index < drawn.length; index += 1) if (fine[index] === 1) drawn[index] = 1;
  }

  return {
    paint(pose, out) {
      motion.moves(pose, moves);
      invert(grid, moves, grid, looks);
      drawSkin();
      const hasMouth = mouth.paint(stage.pixels, pose);
      const hasEyes = eyes.paint(stage.pixels, pose, grid, looks);
      if (hasMouth || hasEyes) markFine();
      out.set(resting);
      for (let index = 0; index < drawn.length; index += 1) if (drawn[index] === 1) finishTile(index, out);
    },
  };
}
