/** Paints frames: one pose in, one I420 picture out. A frame depends on its pose alone, so workers may share the frames out. */
import { createEyeLayer } from '../layers/eyes.ts';
import type { Box } from '../layers/layer.ts';
import { createMouthLayer } from '../layers/mouth.ts';
import { frameBytes, toI420 } from '../raster/i420.ts';
import { type Canvas, warpCell } from '../raster/warp.ts';
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
  const means: Canvas = { pixels: meansOf(texture), side: stageSide };
  const mouth = createMouthLayer(face, depthAt, { texture, means, expand });
  const eyes = createEyeLayer(face, texture);
  const [moves, looks] = [emptyField(grid), emptyField(grid)];
  const still = emptyField(grid);
  const video: Canvas = { pixels: new Int32Array(videoSide * videoSide), side: videoSide };
  const resting = new Uint8Array(frameBytes);

  function drawTile(column: number, row: number, through: Field) {
    warpCell(video, means, grid, through, column * 2, row * 2);
    warpCell(video, means, grid, through, column * 2 + 1, row * 2);
    warpCell(video, means, grid, through, column * 2, row * 2 + 1);
    warpCell(video, means, grid, through, column * 2 + 1, row * 2 + 1);
  }

  for (let row = 0; row < tiles; row += 1) for (let column = 0; column < tiles; column += 1) drawTile(column, row, still);
  toI420(video.pixels, resting, 0, 0, videoSide, videoSide);
  /** Tiles of the video that differ from the resting picture, of this frame and of the one before. */
  const drawn = new Uint8Array(tiles * tiles);

  function drawSkin() {
    for (let row = 0, index = 0; row < tiles; row += 1) {
      for (let column = 0; column < tiles; column += 1, index += 1) {
        const isMoving = movesAt(grid, looks, column, row);
        if (isMoving || drawn[index] === 1) drawTile(column, row, isMoving ? looks : still);
        drawn[index] = isMoving ? 1 : 0;
      }
    }
  }

  function mark({ left, top, right, bottom }: Box) {
    for (let row = Math.floor(top / tile); row * tile < bottom; row += 1) {
      for (let column = Math.floor(left / tile); column * tile < right; column += 1) drawn[row * tiles + column] = 1;
    }
  }

  return {
    paint(pose, out) {
      motion.moves(pose, moves);
      invert(grid, motion.nodes, moves, looks);
      drawSkin();
      for (const box of [...mouth.paint(video.pixels, pose), ...eyes.paint(video.pixels, pose, grid, looks)]) mark(box);
      out.set(resting);
      for (let index = 0; index < drawn.length; index += 1) {
        if (drawn[index] === 1) toI420(video.pixels, out, (index % tiles) * tile, Math.floor(index / tiles) * tile, tile, tile);
      }
    },
  };
}
