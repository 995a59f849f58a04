import type { Dice } from './dice.ts';
import type { Samples } from './samples.ts';

/** What a file is handed in as: the command's `image`, its `audio`, or the video that a provider answers with. */
export type Role = 'portrait' | 'voice' | 'video';

/** A file that somebody made to break the bot, with what Discord would state of it. */
export type HostileFile = {
  role: Role;
  /** What is wrong with it, in a few words. */
  what: string;
  name: string;
  bytes: Buffer;
  /** Default: what the name's ending says. */
  contentType?: string;
  durationSeconds?: number;
  /** Taking it as a portrait, voice or video would be a hole, not a kindness. */
  mustBeRefused?: boolean;
};

/** What the makers of files work with. `bait` is a good voice beside them that nobody may open, `url` one that nobody may fetch. */
export type Kit = { samples: Samples; dice: Dice; bait: { path: string; url: string } };

/**
 * A family of hostile files. `nth` counts the files of the family, so that the first ones show each of its tricks once; chance
 * comes from the kit's dice alone.
 */
export type Family = {
  name: string;
  /** Its share of a corpus. */
  weight: number;
  make(nth: number, kit: Kit): HostileFile | Promise<HostileFile>;
};

/** The nth of a list that begins anew at its end. */
export function nthOf<T>(list: readonly T[], nth: number): T {
  const found = list[nth % list.length];
  if (found === undefined) throw new Error('an empty list');
  return found;
}
