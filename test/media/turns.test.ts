import { describe, expect, it } from 'vitest';
import { createTurns } from '../../src/media/turns.ts';

describe('turns', () => {
  it('let so many run at once and the others in order', async () => {
    const turns = createTurns(2);
    let running = 0;
    let most = 0;
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        turns.take(async () => {
          running += 1;
          most = Math.max(most, running);
          order.push(index);
          await new Promise(setImmediate);
          running -= 1;
        }),
      ),
    );
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('go on after a job that failed, and without one that was aborted in line', async () => {
    const turns = createTurns(1);
    const failing = turns.take(() => Promise.reject(new Error('broken')));
    const controller = new AbortController();
    const waiting = turns.take(async () => 'never', controller.signal);
    const last = turns.take(async () => 'done');
    const reason = new Error('cancelled');
    controller.abort(reason);
    await expect(failing).rejects.toThrow('broken');
    await expect(waiting).rejects.toBe(reason);
    expect(await last).toBe('done');
  });
});
