import { createInstance } from 'i18next';
import { en } from './en.ts';

/** All languages by Discord's locale; a new one is a file beside en.ts and a line here. What it lacks is shown in English. */
const LANGUAGES: Readonly<Record<string, Translation>> = { en };
const FALLBACK = 'en';

type Translation = { readonly [key: string]: string | Translation };

type Leaves<T, P extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${WithoutPlural<K>}` : Leaves<T[K], `${P}${K}.`>;
}[keyof T & string];
type WithoutPlural<K extends string> = K extends `${infer Stem}_${'one' | 'two' | 'few' | 'other'}` ? Stem : K;

/** `reason.face.what` and the like: every path into en.ts that ends at a text. */
export type TextKey = Leaves<typeof en>;

export type Facts = Readonly<Record<string, string | number>>;

/** The one localiser: every text that a member sees comes out of it. Facts are inserted as they are. */
export type Texts = {
  say(locale: string, key: TextKey, facts?: Facts): string;
  /** What is wrong with an input; undefined where no sentence is written for its code. */
  problem(locale: string, code: string, facts: Facts): string | undefined;
};

export function createTexts(languages: Readonly<Record<string, Translation>> = LANGUAGES): Texts {
  const i18n = createInstance();
  void i18n.init({
    initAsync: false,
    lng: FALLBACK,
    fallbackLng: FALLBACK,
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

/** A place in line is an ordinal: 1st, 2nd, 3rd. */
function ordinalOf(key: string): { ordinal?: boolean } {
  return key === 'progress.waitingTurn' ? { ordinal: true } : {};
}

/** A declaration's text in every language but English, as Discord wants it beside the English one. */
export function localizations(key: TextKey): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [locale, translation] of Object.entries(LANGUAGES)) {
    const text = locale === FALLBACK ? undefined : lookUp(translation, key);
    if (text !== undefined) found[locale] = text;
  }
  return found;
}

function lookUp(translation: Translation, key: string): string | undefined {
  let at: string | Translation | undefined = translation;
  for (const part of key.split('.')) at = typeof at === 'object' ? at[part] : undefined;
  return typeof at === 'string' ? at : undefined;
}
