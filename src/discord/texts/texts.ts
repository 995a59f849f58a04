import { createInstance } from 'i18next';
import type { TextKey, Translation } from './language.ts';
import { LANGUAGES } from './languages.ts';

const FALLBACK = 'en';
/** Discord's languages without a file that read one which is near. */
const NEAR: Readonly<Record<string, string>> = { 'es-419': 'es-ES' };

export type { TextKey };

export type Facts = Readonly<Record<string, string | number>>;

/** The one localiser: every text that a member sees comes out of it. Facts are inserted as they are. */
export type Texts = {
  say(locale: string, key: TextKey, facts?: Facts): string;
  /** What is wrong with an input; undefined where no sentence is written for its code. */
  problem(locale: string, code: string, facts: Facts): string | undefined;
};

/** What a language lacks is shown in the one that is near it, then in English. */
export function createTexts(languages: Readonly<Record<string, Translation>> = LANGUAGES): Texts {
  const i18n = createInstance();
  void i18n.init({
    initAsync: false,
    lng: FALLBACK,
    fallbackLng: {
      ...Object.fromEntries(Object.entries(NEAR).map(([locale, near]) => [locale, [near, FALLBACK]])),
      default: [FALLBACK],
    },
    resources: Object.fromEntries(Object.entries(languages).map(([locale, translation]) => [locale, { translation }])),
    // Discord shows text, not HTML; facts are foreign, so nothing in them is looked up or filled in.
    interpolation: { escapeValue: false, skipOnVariables: true },
    returnNull: false,
  });
  const inLanguage = (locale: string, key: string, facts: Facts = {}) =>
    i18n.t(key, { ...facts, lng: locale, ...ordinalOf(key) });
  return {
    say: (locale, key, facts) => inLanguage(locale, key, facts),
    problem(locale, code, facts) {
      const key = `problem.${code}`;
      return /^[a-z-]+$/.test(code) && i18n.exists(key, { lng: locale, ...facts }) ? inLanguage(locale, key, facts) : undefined;
    },
  };
}

/** Texts whose `count` is an ordinal: 1st, 2nd, 3rd in line. */
export const ORDINALS: readonly TextKey[] = ['progress.waitingTurn'];

function ordinalOf(key: string): { ordinal?: boolean } {
  return ORDINALS.some(each => each === key) ? { ordinal: true } : {};
}

/** A declaration's text in every language but English, as Discord wants it beside the English one. */
export function localizations(key: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [locale, translation] of Object.entries(LANGUAGES)) {
    const text = locale === FALLBACK ? undefined : lookUp(translation, key);
    if (text !== undefined) found[locale] = text;
  }
  for (const [locale, near] of Object.entries(NEAR)) if (found[near] !== undefined) found[locale] ??= found[near];
  return found;
}

export function lookUp(translation: Translation, key: string): string | undefined {
  let at: string | Translation | undefined = translation;
  for (const part of key.split('.')) at = typeof at === 'object' && Object.hasOwn(at, part) ? at[part] : undefined;
  return typeof at === 'string' ? at : undefined;
}
