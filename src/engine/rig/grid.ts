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

/** Most places settle in three; those between the chin and the neck of a wide open mouth take the most. */
const rounds = 14;

/**
 * Turns a motion round. `moves` tells for places of the resting picture how far they move; `out` gets for each node of `grid`
 * how far away that place lies which comes to the node: the s with s + moves(s) = node, found by repeating s = node - moves(s).
 * That settles as long as neighbours don't pass one another.
 */
export function invert(source: Grid, moves: Field, grid: Grid, out: Field): void {
  const { columns, rows, cell } = source;
  const { dx: movesX, dy: movesY } = moves;
  const [lastColumn, lastRow] = [columns - 1.0001, rows - 1.0001];
  let index = 0;
  for (let row = 0; row < grid.rows; row += 1) {
    for (let column = 0; column < grid.columns; column += 1, index += 1) {
      const x = grid.x + column * grid.cell;
      const y = grid.y + row * grid.cell;
      let dx = 0;
      let dy = 0;
      for (let round = 0; round < rounds; round += 1) {
        // sampleGrid for both directions at once.
        let u = (x + dx - source.x) / cell;
        let v = (y + dy - source.y) / cell;
        u = u < 0 ? 0 : u > lastColumn ? lastColumn : u;
        v = v < 0 ? 0 : v > lastRow ? lastRow : v;
        const at = (v | 0) * columns + (u | 0);
        const below = at + columns;
        const fx = u - (u | 0);
        const fy = v - (v | 0);
        const w11 = fx * fy;
        const w10 = fx - w11;
        const w01 = fy - w11;
        const w00 = 1 - fx - w01;
        const nextX = -(
          (movesX[at] ?? 0) * w00 +
          (movesX[at + 1] ?? 0) * w10 +
          (movesX[below] ?? 0) * w01 +
          (movesX[below + 1] ?? 0) * w11
        );
        const nextY = -(
          (movesY[at] ?? 0) * w00 +
          (movesY[at + 1] ?? 0) * w10 +
          (movesY[below] ?? 0) * w01 +
          (movesY[below + 1] ?? 0) * w11
        );
        const isSettled = Math.abs(nextX - dx) < 0.02 && Math.abs(nextY - dy) < 0.02;
        dx = nextX;
        dy = nextY;
        if (isSettled) break;
      }
      out.dx[index] = dx;
      out.dy[index] = dy;
    }
  }
}
