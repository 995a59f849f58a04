import { z } from 'zod';
import type { Settings } from '../core/ports.ts';
import { sourceSchema } from '../core/render.ts';
import { someWeightsSchema } from '../core/weights.ts';

/** What a member chose; weights that were left open are the guild's. */
const wishesSchema = z.object({
  private: z.boolean(),
  spoiler: z.boolean(),
  portrait: sourceSchema,
  voice: sourceSchema,
  weights: someWeightsSchema,
  /** made although the same was made before */
  anew: z.boolean().exactOptional(),
});
export type Wishes = z.infer<typeof wishesSchema>;

/** The same while a file is still asked for. */
export const someWishesSchema = wishesSchema.partial({ portrait: true, voice: true });
export type SomeWishes = z.infer<typeof someWishesSchema>;

export function areComplete(wishes: SomeWishes): wishes is Wishes {
  return wishes.portrait !== undefined && wishes.voice !== undefined;
}

/** A settings file while it is looked at, before it is taken. It is read anew then. */
export const importSchema = z.object({ text: z.string() });
export type Import = z.infer<typeof importSchema>;

/** A form has to come back within this time. */
const DRAFT_LIVES_MS = 15 * 60_000;

const draftOf = <W>(wishes: z.ZodType<W>) =>
  z.object({ id: z.string(), guildId: z.string(), memberId: z.string(), untilMs: z.number(), wishes });
export type Draft<W = SomeWishes> = { id: string; guildId: string; memberId: string; untilMs: number; wishes: W };

/** What was asked for, kept while a form is filled in: by the id of the interaction that opened it. */
export type Drafts<W = SomeWishes> = {
  keep(id: string, of: Omit<Draft<W>, 'id' | 'untilMs'>): Promise<Draft<W>>;
  /** This member's own, in this guild, as long as it is kept. */
  get(id: string, of: { guildId: string | null; memberId: string }): Promise<Draft<W> | undefined>;
  /**
   * Does the work of a draft and drops it; false: there is none, or the same form is at work already. What is at work is known to this
   * process alone: all interactions of a guild come to one.
   */
  spend(id: string, of: { guildId: string | null; memberId: string }, work: (draft: Draft<W>) => Promise<void>): Promise<boolean>;
};

const key = (id: string) => `draft:${id}`;

export function createDrafts<W>(settings: Settings, now: () => number, wishesSchema: z.ZodType<W>): Drafts<W> {
  const draftSchema = draftOf(wishesSchema);
  const atWork = new Set<string>();

  const get: Drafts<W>['get'] = async (id, { guildId, memberId }) => {
    const { data: draft } = draftSchema.safeParse(await settings.get(key(id)));
    const isTheirs = draft?.guildId === guildId && draft.memberId === memberId;
    return isTheirs && now() < draft.untilMs ? draft : undefined;
  };

  return {
    get,
    async keep(id, of) {
      const draft: Draft<W> = { ...of, id, untilMs: now() + DRAFT_LIVES_MS };
      await settings.set(key(id), draft, DRAFT_LIVES_MS);
      return draft;
    },
    async spend(id, of, work) {
      if (atWork.has(id)) return false;
      atWork.add(id);
      try {
        const draft = await get(id, of);
        if (draft === undefined) return false;
        await work(draft);
        // Last, so that a crash before leaves it for another try.
        await settings.delete(key(id));
        return true;
      } finally {
        atWork.delete(id);
      }
    },
  };
}
