import { z } from 'zod';
import { type Bounds, DETAIL_AUDIENCES, FACE_CHECKS, MOST_IDS, type Policy, type Range } from '../../core/policy.ts';
import type { ModalFields } from '../modal-fields.ts';
import { numberIn } from '../number-in.ts';
import { LANGUAGES } from '../texts/languages.ts';
import { OWN_LANGUAGE, rangeOf } from './form.ts';
import { type Field, fieldsOf, type Section } from './sections.ts';

/** What is wrong with a field: a number that is none, or out of its range; or something that was not offered. */
export type FieldProblem = { name: Field['name'] } & ({ kind: 'number'; given: string; range: Range } | { kind: 'choice' });

export type ReadForm = { ok: true; change: Partial<Policy> } | { ok: false; problems: readonly FieldProblem[] };

type ReadField = { ok: true; change: Partial<Policy> } | { ok: false; problem: FieldProblem };

const ids = z.array(z.string().regex(/^\d{1,20}$/)).max(MOST_IDS);
const chosenLanguage = z.tuple([z.enum([OWN_LANGUAGE, ...Object.keys(LANGUAGES)])]);

/** What was filled in, as a change of the policy. All of it is right, or nothing is taken. */
export function readForm(section: Section, given: ModalFields, policy: Policy, bounds: Bounds): ReadForm {
  let change: Partial<Policy> = {};
  const problems: FieldProblem[] = [];
  for (const field of fieldsOf(section)) {
    // Weights are one setting: each is put over those before it.
    const read = readField(
      field,
      Object.hasOwn(given, field.name) ? given[field.name] : undefined,
      { ...policy, ...change },
      bounds,
    );
    if (read.ok) change = { ...change, ...read.change };
    else problems.push(read.problem);
  }
  return problems.length === 0 ? { ok: true, change } : { ok: false, problems };
}

function readField(field: Field, given: unknown, policy: Policy, bounds: Bounds): ReadField {
  const right = (change: Partial<Policy>): ReadField => ({ ok: true, change });
  const chosen = <T>(schema: z.ZodType<T>, change: (value: T) => Partial<Policy>): ReadField => {
    const parsed = schema.safeParse(given);
    return parsed.success ? right(change(parsed.data)) : { ok: false, problem: { name: field.name, kind: 'choice' } };
  };
  switch (field.kind) {
    case 'number':
    case 'weight': {
      const range = rangeOf(field, bounds);
      const text = typeof given === 'string' ? given : '';
      const value = numberIn(text, range);
      if (value === undefined) return { ok: false, problem: { name: field.name, kind: 'number', given: text, range } };
      return right(field.kind === 'number' ? { [field.name]: value } : { weights: { ...policy.weights, [field.name]: value } });
    }
    case 'roles':
    case 'channels':
      return chosen(ids, value => ({ [field.name]: value }));
    case 'channel':
      return chosen(ids.max(1), ([id = null]) => ({ moderationChannelId: id }));
    case 'choice':
      return field.name === 'faceCheck'
        ? chosen(z.enum(FACE_CHECKS), value => ({ faceCheck: value }))
        : chosen(z.enum(DETAIL_AUDIENCES), value => ({ [field.name]: value }));
    case 'language':
      return chosen(chosenLanguage, ([value]) => ({ language: value === OWN_LANGUAGE ? null : value }));
    case 'switches':
      return chosen(z.array(z.enum(field.of)), on => Object.fromEntries(field.of.map(name => [name, on.includes(name)])));
  }
}
