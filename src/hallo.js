#!/usr/bin/env node
// The one file in plain JavaScript. What an earlier start has compiled, its types taken out, is not compiled again; that has to be
// known before the first TypeScript is read, or the compiler for it stays in memory for good. See docs/performance.md, "idle".
// Where the folder can't be written, everything goes on without it.
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// In the environment too, for the child processes that read media.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/hallo', import.meta.url));
enableCompileCache(process.env.NODE_COMPILE_CACHE);
await import('./cli.ts');
