import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/support/long-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/postgres/shared.ts'],
    setupFiles: ['test/support/loopback-only.ts', 'test/support/seeded-properties.ts'],
    maxWorkers: 2,
    // Many tests start the bot as a process of its own; compiled once, it is up in half the time.
    env: {
      NODE_COMPILE_CACHE:
        process.env.NODE_COMPILE_CACHE ?? fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)),
    },
    sequence: { sequencer: LongFirst },
    // Longer than what a test itself waits for a thing, so that it is the test that says what did not come.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
