import type { BotControl } from '../page/index.ts';
import type { Program } from './program.ts';

export interface Bot extends BotControl {
  /** Rejects when the bot ends although nobody asked for it. */
  ended: Promise<never>;
  stop(): Promise<void>;
}

/** The bot's process, which can be killed and started again; `launch` starts one. */
export function createBot(launch: () => Program): Bot {
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  let program: Program | undefined;

  function start(): void {
    const started = launch();
    program = started;
    // Whoever kills or stops it takes it away first: then its end is no failure.
    started.ended.catch((error: unknown) => program === started && failed.reject(error));
  }

  async function end(how: 'kill' | 'stop'): Promise<void> {
    const running = program;
    program = undefined;
    await running?.[how]();
  }

  start();
  return {
    ended: failed.promise,
    running: () => program !== undefined,
    kill: () => end('kill'),
    stop: () => end('stop'),
    start: async () => {
      if (program === undefined) start();
    },
  };
}
