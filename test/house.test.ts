import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** What each folder of the house may import beside itself: folders of this project, and packages. Arrows point inwards. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/core': ['zod'],
  'src/segmind': ['zod', 'undici', 'node:'],
  'src/moderation': ['src/core'],
  'src/storage': ['src/core', 'zod', 'keyv', '@keyv/postgres', 'pg', 'pg-boss', 'node:'],
  'src/provider': ['src/core', 'src/segmind', 'node:'],
  'src/discord': ['src/core', 'zod', 'discord.js', 'undici', 'i18next', 'node:'],
  commands: ['src/core', 'src/discord', 'discord.js', 'node:'],
};

test.each(Object.entries(MAY_IMPORT))('%s imports nothing but itself and %j', async (folder, allowed) => {
  const strange: string[] = [];
  for (const file of await typescriptFiles(join(root, folder))) {
    for (const target of await importsOf(file)) {
      const welcome = [folder, ...allowed].some(
        name => target === name || target.startsWith(name.endsWith(':') ? name : `${name}/`),
      );
      if (!welcome) strange.push(`${relative(root, file)} → ${target}`);
    }
  }
  expect(strange).toEqual([]);
});

async function typescriptFiles(folder: string): Promise<string[]> {
  const files = (await readdir(folder, { recursive: true })).filter(name => name.endsWith('.ts'));
  expect(files).not.toEqual([]);
  return files.map(name => join(folder, name));
}

/** Modules by package name, or by path from the root. */
async function importsOf(file: string): Promise<string[]> {
  const code = await readFile(file, 'utf8');
  const named = [...code.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)'|\bimport\('([^']+)'\)/gm)];
  return named
    .map(match => match[1] ?? match[2] ?? '')
    .map(name => (name.startsWith('.') ? relative(root, resolve(dirname(file), name)) : name));
}
