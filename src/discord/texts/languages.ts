import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import type { Translation } from './language.ts';

const translation: z.ZodType<Translation> = z.record(z.string(), z.union([z.string(), z.lazy(() => translation)]));
const module = z.object({ default: translation });
const folder = new URL('./languages/', import.meta.url);

/** All languages by Discord's code (https://docs.discord.com/developers/reference#locales): each file of `languages/` is one, named by its code; en stands for both of Discord's. */
export const LANGUAGES: Readonly<Record<string, Translation>> = Object.fromEntries(
  await Promise.all(
    (await readdir(folder)).sort().map(async (file): Promise<[string, Translation]> => {
      const { default: texts } = module.parse(await import(new URL(file, folder).href));
      return [file.replace(/\.ts$/, ''), texts];
    }),
  ),
);
