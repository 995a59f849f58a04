/** Lets a bounded number of tasks run at once, guild by guild in turn, so that one guild's burst never delays another's first. */
export type GuildTurns = {
  /** Resolves with a function that gives the place back. Rejects with the signal's reason when aborted while waiting. */
  enter(guildId: string, signal: AbortSignal): Promise<() => void>;
};

type Waiter = { go: (release: () => void) => void };

export function createGuildTurns(atOnce: number): GuildTurns {
  // A Map keeps its order: the guild at the front is served, and goes to the end if it has more.
  const lines = new Map<string, Set<Waiter>>();
  let running = 0;

  function next(): void {
    while (running < atOnce) {
      const first = lines.entries().next().value;
      if (!first) return;
      const [guildId, line] = first;
      lines.delete(guildId);
      const waiter = line.values().next().value;
      if (!waiter) continue;
      line.delete(waiter);
      if (line.size > 0) lines.set(guildId, line);
      running += 1;
      waiter.go(
        onceOnly(() => {
          running -= 1;
          next();
        }),
      );
    }
  }

  return {
    enter(guildId, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const line = lines.get(guildId) ?? new Set<Waiter>();
        const onAbort = () => {
          line.delete(waiter);
          reject(signal.reason);
        };
        const waiter: Waiter = {
          go(release) {
            signal.removeEventListener('abort', onAbort);
            resolve(release);
          },
        };
        signal.addEventListener('abort', onAbort, { once: true });
        line.add(waiter);
        lines.set(guildId, line);
        next();
      });
    },
  };
}

function onceOnly(work: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
}
