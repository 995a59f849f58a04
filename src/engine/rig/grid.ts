/** Regular grids of places on the stage, and the two directions of a motion that is given on one. */
import { stageSide } from './texture.ts';

/** Nodes stand `cell` pixels apart from (x, y) on, row after row. */
export type Grid = { x: number; y: number; cell: number; columns: number; rows: number };

/** One value at each node of a grid, in pixels: where something moves to, or comes from. */
export type Field = { dx: Float32Array; dy: Float32Array };

export const nodeCount = ({ columns, rows }: Grid): number => columns * rows;

export function emptyField(grid: Grid): Field {
  return { dx: new Float32Array(nodeCount(grid)), dy: new Float32Array(nodeCount(grid)) };
}

/** The grid over the whole stage. */
export function stageGrid(cell: number): Grid {
  const count = stageSide / cell + 1;
  return { x: 0, y: 0, cell, columns: count, rows: count };
}

/** A grid over a box of the stage, its nodes on multiples of the cell. */
export function boxGrid(box: { left: number; top: number; right: number; bottom: number }, cell: number): Grid {
  const from = (value: number) => Math.max(0, Math.floor(value / cell));
  const to = (value: number) => Math.min(stageSide / cell, Math.ceil(value / cell));
  const [x, y] = [from(box.left), from(box.top)];
  return {
    x: x * cell,
    y: y * cell,
    cell,
    columns: Math.max(2, to(box.right) - x + 1),
    rows: Math.max(2, to(box.bottom) - y + 1),
  };
}

/** Calls back for each node with its place. */
export function eachNode(grid: Grid, visit: (index: number, x: number, y: number) => void): void {
  for (let row = 0, index = 0; row < grid.rows; row += 1) {
    for (let column = 0; column < grid.columns; column += 1, index += 1) {
      visit(index, grid.x + column * grid.cell, grid.y + row * grid.cell);
    }
  }
}

/** Value at any place, between the four nodes around it; beyond the border as at the border. */
export function sampleGrid(grid: Grid, values: Float32Array, x: number, y: number): number {
  const { columns, rows, cell } = grid;
  let u = (x - grid.x) / cell;
  let v = (y - grid.y) / cell;
  u = u < 0 ? 0 : u > columns - 1.0001 ? columns - 1.0001 : u;
  v = v < 0 ? 0 : v > rows - 1.0001 ? rows - 1.0001 : v;
  const column = u | 0;
  const row = v | 0;
  const at = row * columns + column;
  const fx = u - column;
  const fy = v - row;
  const upper = (values[at] ?? 0) * (1 - fx) + (values[at + 1] ?? 0) * fx;
  const lower = (values[at + columns] ?? 0) * (1 - fx) + (values[at + columns + 1] ?? 0) * fx;
  return upper * (1 - fy) + lower * fy;
}

/** Most places settle in two; where motions end abruptly it takes a few more. */
const rounds = 12;
/** Pixels of the stage; one more step from there leaves a small part of it. */
const nearly = 0.25;
/** A cell that is pressed together to less than this share counts as this much. */
const leastArea = 0.3;

/**
 * Turns a motion round. `moves` tells for places of the resting picture how far they move; `out` gets for each of the `nodes` how
 * far away that place lies which comes to the node: the s with s + moves(s) = node. Newton's method, with the slopes of the
 * cell that the guess lies in. Nodes that never move are left alone: what comes to them are they themselves.
 */
export function invert(grid: Grid, nodes: Uint32Array, moves: Field, out: Field): void {
  const { columns, rows, cell } = grid;
  const { dx: movesX, dy: movesY } = moves;
  const [lastColumn, lastRow] = [columns - 1.0001, rows - 1.0001];
  for (let at = 0; at < nodes.length; at += 1) {
    const index = nodes[at] ?? 0;
    const column = index % columns;
    const row = (index - column) / columns;
    // In cells, from the node.
    let right = -(movesX[index] ?? 0) / cell;
    let down = -(movesY[index] ?? 0) / cell;
    for (let round = 0; round < rounds; round += 1) {
      let u = column + right;
      let v = row + down;
      u = u < 0 ? 0 : u > lastColumn ? lastColumn : u;
      v = v < 0 ? 0 : v > lastRow ? lastRow : v;
      const near = (v | 0) * columns + (u | 0);
      const fx = u - (u | 0);
      const fy = v - (v | 0);
      const x00 = movesX[near] ?? 0;
      const x01 = movesX[near + columns] ?? 0;
      const y00 = movesY[near] ?? 0;
      const y01 = movesY[near + columns] ?? 0;
      const upperX = (movesX[near + 1] ?? 0) - x00;
      const upperY = (movesY[near + 1] ?? 0) - y00;
      const lowerX = (movesX[near + columns + 1] ?? 0) - x01;
      const lowerY = (movesY[near + columns + 1] ?? 0) - y01;
      const xAbove = x00 + upperX * fx;
      const xBelow = x01 + lowerX * fx;
      const yAbove = y00 + upperY * fx;
      const yBelow = y01 + lowerY * fx;
      // What is still missing, in cells; then by how much the place has to go on, from the slopes of place + motion.
      const missingX = right + (xAbove + (xBelow - xAbove) * fy) / cell;
      const missingY = down + (yAbove + (yBelow - yAbove) * fy) / cell;
      const xx = 1 + (upperX + (lowerX - upperX) * fy) / cell;
      const yx = (upperY + (lowerY - upperY) * fy) / cell;
      const xy = (xBelow - xAbove) / cell;
      const yy = 1 + (yBelow - yAbove) / cell;
      const area = Math.max(leastArea, xx * yy - xy * yx);
      right -= (missingX * yy - missingY * xy) / area;
      down -= (missingY * xx - missingX * yx) / area;
      if (Math.abs(missingX) + Math.abs(missingY) < nearly / cell) break;
    }
    out.dx[index] = right * cell;
    out.dy[index] = down * cell;
  }
}
