import type { en } from './languages/en.ts';

type Plural = `${string}_${'zero' | 'one' | 'two' | 'few' | 'many' | 'other'}`;
type Stem<K extends string> = K extends `${infer S}_${'zero' | 'one' | 'two' | 'few' | 'many' | 'other'}` ? S : K;

type Leaves<T, P extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${Stem<K>}` : Leaves<T[K], `${P}${K}.`>;
}[keyof T & string];

/** `reason.face.what` and the like: every path into en.ts that ends at a text. */
export type TextKey = Leaves<typeof en>;

type Like<T> = { readonly [K in keyof T as K extends Plural ? never : K]: T[K] extends string ? string : Like<T[K]> } & {
  readonly [K in keyof T as K extends Plural ? `${Stem<K & string>}_other` : never]: string;
} & {
  readonly [K in keyof T as K extends Plural ? `${Stem<K & string>}_${'zero' | 'one' | 'two' | 'few' | 'many'}` : never]?: string;
};

/** A language has every text that English has; of what is counted, the forms that it needs itself. */
export type Language = Like<typeof en>;

/** A language as it is read: texts by names, in groups. */
export type Translation = { readonly [key: string]: string | Translation };
