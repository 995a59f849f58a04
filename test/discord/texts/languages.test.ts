/** Each language against English, against the code that asks for texts, and against Discord's limits. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Locale } from 'discord.js';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../../commands/index.ts';
import { checkCommands } from '../../../sandbox/discord/rest/command-schema.ts';
import * as platform from '../../../src/discord/platform.ts';
import type { Translation } from '../../../src/discord/texts/language.ts';
import { LANGUAGES } from '../../../src/discord/texts/languages.ts';
import { createTexts, lookUp, ORDINALS, type TextKey } from '../../../src/discord/texts/texts.ts';

const root = join(import.meta.dirname, '../../..');
const PLURAL = /_(zero|one|two|few|many|other)$/;
const stem = (key: string) => key.replace(PLURAL, '');

function leaves(tree: Translation, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : leaves(value, `${path}${key}.`),
  );
}
const english = leaves(LANGUAGES.en ?? {});
const languages = Object.entries(LANGUAGES).map(([locale, translation]) => ({ locale, translation, texts: leaves(translation) }));

/** What code asks for: every literal that can be a key, `${…}` standing for any one name. */
function asked(): RegExp[] {
  const files = ['src', 'commands'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(name => join(root, folder, name)),
  );
  const code = files
    .filter(name => name.endsWith('.ts') && !name.includes('texts/languages/'))
    .map(name => readFileSync(name, 'utf8'));
  const literal = /['`]((?:[\w-]|\$\{[^}]*\})+(?:\.(?:[\w-]|\$\{[^}]*\})+)*)['`]/g;
  const found = new Set(code.flatMap(text => [...text.matchAll(literal)].map(match => match[1] ?? '')));
  return [...found].map(each => {
    const pattern = each.replaceAll('.', '\\.').replace(/\$\{[^}]*\}/g, '[^.]+');
    return new RegExp(`^(?:${pattern}|command\\.${pattern}\\.(?:name|description)|problem\\.${pattern}(?:_\\w+)?)$`);
  });
}

test('English and German are there, and every file is named by one of Discord’s languages', () => {
  expect(Object.keys(LANGUAGES)).toEqual(expect.arrayContaining(['de', 'en']));
  const known: string[] = ['en', ...Object.values(Locale)];
  for (const locale of Object.keys(LANGUAGES)) expect(known).toContain(locale);
});

test('every text is asked for somewhere', () => {
  const patterns = asked();
  expect(english.map(([key]) => stem(key)).filter(key => !patterns.some(pattern => pattern.test(key)))).toEqual([]);
});

test.each(languages)('$locale has every text that English has, and no other', ({ texts }) => {
  const stems = (all: [string, string][]) => [...new Set(all.map(([key]) => stem(key)))].sort();
  expect(stems(texts)).toEqual(stems(english));
});

test.each(languages)('$locale has every form of what is counted', ({ locale, texts }) => {
  const keys = new Set(texts.map(([key]) => key));
  const counted = new Set(english.filter(([key]) => PLURAL.test(key)).map(([key]) => stem(key)));
  expect(counted.size).toBeGreaterThan(0);
  for (const key of counted) {
    const type = ORDINALS.some(each => each === key) ? 'ordinal' : 'cardinal';
    const forms = new Intl.PluralRules(locale, { type }).resolvedOptions().pluralCategories;
    expect([key, ...forms.filter(form => !keys.has(`${key}_${form}`))]).toEqual([key]);
  }
});

test.each(languages)('$locale names the same facts as English in each text', ({ texts }) => {
  const factsOf = (text: string) => [...new Set(text.match(/\{\{\w+\}\}/g))].sort();
  const facts = new Map(english.map(([key, text]) => [stem(key), factsOf(text)]));
  for (const [key, text] of texts) {
    // "one" may be said without its number.
    const named = PLURAL.test(key) ? [...new Set([...factsOf(text), '{{count}}'])].sort() : factsOf(text);
    const expected = PLURAL.test(key)
      ? [...new Set([...(facts.get(stem(key)) ?? []), '{{count}}'])].sort()
      : facts.get(stem(key));
    expect([key, ...named]).toEqual([key, ...(expected ?? [])]);
  }
});

/** The longest that a text may be where it is shown, by its place among the texts. Facts are counted as they stand. */
function longest(key: string): number {
  const last = key.split('.').at(-1) ?? '';
  if (key.startsWith('command.')) return last === 'name' ? 100 : platform.LONGEST_COMMAND_DESCRIPTION;
  if (key.startsWith('button.')) return platform.LONGEST_BUTTON_LABEL - 10;
  if (key.startsWith('choice.')) return platform.LONGEST_CHOICE;
  if (key.startsWith('form.') && last === 'title') return platform.LONGEST_MODAL_TITLE;
  if (last === 'label') return platform.LONGEST_LABEL;
  if (last === 'hint') return platform.LONGEST_LABEL_DESCRIPTION;
  if (last === 'placeholder') return Math.min(platform.LONGEST_TEXT_PLACEHOLDER, platform.LONGEST_SELECT_PLACEHOLDER);
  // Several of them stand in one message.
  return platform.LONGEST_CONTENT / 4;
}

test.each(languages)('$locale fits where it is shown', ({ texts }) => {
  for (const [key, text] of texts) {
    expect(text.trim(), key).toBe(text);
    expect(text, key).not.toBe('');
    expect([key, text.length, text.length <= longest(key)]).toEqual([key, text.length, true]);
  }
});

/** A command as a client in this language shows it. */
function inLanguage(value: unknown, locale: string): unknown {
  if (Array.isArray(value)) return value.map(item => inLanguage(item, locale));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const shown = entries.map(([key, item]): [string, unknown] => {
    const localized: unknown = Object.entries(Object(Object.fromEntries(entries)[`${key}_localizations`])).find(
      ([each]) => each === locale,
    )?.[1];
    return [key, typeof localized === 'string' ? localized : inLanguage(item, locale)];
  });
  return Object.fromEntries(shown.filter(([key]) => !key.endsWith('_localizations')));
}

test.each(languages)('the commands in $locale are such as Discord takes', ({ locale }) => {
  const shown = COMMANDS.map(command => inLanguage(command.data, locale));
  expect(checkCommands(shown)).toMatchObject({ ok: true });
  for (const command of shown) {
    const characters = JSON.stringify(command).matchAll(/"(?:name|description)":"((?:[^"\\]|\\.)*)"/g);
    const length = [...characters].reduce((sum, match) => sum + (match[1]?.length ?? 0), 0);
    expect(length).toBeLessThanOrEqual(platform.LONGEST_COMMAND);
  }
});

test.each(languages)('$locale speaks of commands by the names that they have in it', ({ translation, texts }) => {
  const names = Object.keys(LANGUAGES.en?.command ?? {}).map(command => lookUp(translation, `command.${command}.name`));
  for (const [key, text] of texts) {
    for (const [, name] of text.matchAll(/`\/([-\p{L}]+)/gu)) expect([key, names.includes(name ?? '')]).toEqual([key, true]);
  }
});

test.each(languages)('$locale is heard where a member’s client speaks it', ({ locale, translation }) => {
  const key: TextKey = 'button.delete';
  expect(createTexts().say(locale, key)).toBe(lookUp(translation, key));
});
