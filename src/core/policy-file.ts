import { z } from 'zod';
import { type Bounds, DETAIL_AUDIENCES, FACE_CHECKS, isNumberName, type Policy, policySchema, type Range } from './policy.ts';
import { someWeightsSchema, WEIGHT_NAMES, WEIGHT_RANGES, type Weights } from './weights.ts';

/** Raised when a file of before would be misread. */
export const FILE_VERSION = 1;
/** Far more than the fullest policy takes. */
export const MOST_FILE_BYTES = 16 * 1024;

/** Settings whose values are ids of one guild's roles and channels, and mean nothing in another. */
export const PLACE_NAMES = ['allowedRoles', 'deniedRoles', 'allowedChannels', 'deniedChannels', 'moderationChannelId'] as const;
export type PlaceName = (typeof PLACE_NAMES)[number];

export type SettingKey = keyof Policy | `weights.${keyof Weights}`;

/** What is wrong with a file. Keys and values in it are foreign text. */
export type FileProblem =
  | { kind: 'not-json' }
  /** JSON, but none of ours */
  | { kind: 'other-file' }
  | { kind: 'other-version'; given: string }
  | { kind: 'unknown-key'; key: string }
  | { kind: 'wrong-value'; key: SettingKey; given: string; right: Right };

/** What would be right for a setting. */
export type Right =
  | { kind: 'number'; range: Range }
  | { kind: 'one-of'; values: readonly string[] }
  | { kind: 'ids' }
  | { kind: 'id' }
  | { kind: 'group' };

export type Change = Partial<Policy>;

/** `elsewhere`: the file is another guild's, so what names its roles and channels was left out. */
export type ReadFile = { ok: true; change: Change; elsewhere: boolean } | { ok: false; problems: readonly FileProblem[] };

/** A guild's whole policy as a text that `readPolicyFile` takes, here or for another guild. */
export function policyFile(guildId: string, policy: Policy): string {
  return `${JSON.stringify({ hallo: 'settings', version: FILE_VERSION, server: guildId, settings: policy }, null, 2)}\n`;
}

const envelope = z.object({ hallo: z.literal('settings'), version: z.unknown(), server: z.string().optional() });
const ENVELOPE_KEYS: readonly string[] = ['hallo', 'version', 'server', 'settings'];

/** All of the file is right, or nothing of it is taken. Settings that it leaves out stay as they are. */
export function readPolicyFile(
  text: string,
  { guildId, policy, bounds, languages }: { guildId: string; policy: Policy; bounds: Bounds; languages: readonly string[] },
): ReadFile {
  const json = jsonOf(text);
  if (json === undefined) return { ok: false, problems: [{ kind: 'not-json' }] };
  const head = envelope.safeParse(json);
  if (!head.success || !isGroup(json) || !isGroup(json.settings)) return { ok: false, problems: [{ kind: 'other-file' }] };
  const { server, version } = head.data;
  if (version !== FILE_VERSION) return { ok: false, problems: [{ kind: 'other-version', given: shown(version) }] };

  const strange = Object.keys(json).filter(key => !ENVELOPE_KEYS.includes(key));
  const problems = [...strange.map(unknownKey), ...settingProblems(json.settings, { bounds, languages })];
  if (problems.length > 0) return { ok: false, problems };
  const { weights, ...others } = fileSchema.parse(json.settings);
  const elsewhere = server !== undefined && server !== guildId;
  const taken = Object.entries({ ...others, ...(weights && { weights: { ...policy.weights, ...weights } }) });
  const change: Change = Object.fromEntries(taken.filter(([name]) => !(elsewhere && isPlaceName(name))));
  return { ok: true, change, elsewhere };
}

/** A file may give some of the weights, as it may give some of the settings. */
const fileSchema = policySchema.partial().extend({ weights: someWeightsSchema.optional() });

function settingProblems(settings: Group, allowed: { bounds: Bounds; languages: readonly string[] }): FileProblem[] {
  return Object.entries(settings).flatMap(([key, value]): FileProblem[] => {
    if (!isPolicyKey(key)) return [unknownKey(key)];
    if (key === 'weights' && isGroup(value)) return weightProblems(value);
    const right = rightFor(key, allowed);
    return isRight(key, value, right) ? [] : [{ kind: 'wrong-value', key, given: shown(value), right }];
  });
}

function weightProblems(weights: Group): FileProblem[] {
  return Object.entries(weights).flatMap(([key, value]): FileProblem[] => {
    const name = WEIGHT_NAMES.find(each => each === key);
    if (name === undefined) return [unknownKey(`weights.${key}`)];
    const range: Range = { ...WEIGHT_RANGES[name], whole: false };
    if (someWeightsSchema.safeParse({ [name]: value }).success) return [];
    return [{ kind: 'wrong-value', key: `weights.${name}`, given: shown(value), right: { kind: 'number', range } }];
  });
}

function rightFor(key: keyof Policy, { bounds, languages }: { bounds: Bounds; languages: readonly string[] }): Right {
  if (isNumberName(key)) return { kind: 'number', range: bounds[key] };
  switch (key) {
    case 'weights':
      return { kind: 'group' };
    case 'faceCheck':
      return { kind: 'one-of', values: FACE_CHECKS };
    case 'detailsTo':
    case 'blockedDetailsTo':
      return { kind: 'one-of', values: DETAIL_AUDIENCES };
    case 'language':
      return { kind: 'one-of', values: [...languages, 'null'] };
    case 'moderationChannelId':
      return { kind: 'id' };
    case 'allowedRoles':
    case 'deniedRoles':
    case 'allowedChannels':
    case 'deniedChannels':
      return { kind: 'ids' };
    default:
      return { kind: 'one-of', values: ['true', 'false'] };
  }
}

/** By the policy's own schema, and within what the operator and the languages allow. */
function isRight(key: keyof Policy, value: unknown, right: Right): boolean {
  if (!policySchema.shape[key].safeParse(value).success) return false;
  if (right.kind === 'number') return typeof value === 'number' && value >= right.range.min && value <= right.range.max;
  return right.kind !== 'one-of' || right.values.includes(String(value));
}

/** A change as it can hold in a guild that knows only some of its roles and channels, and the settings that lost some by that. */
export function placed(
  change: Change,
  knows: (name: PlaceName, id: string) => boolean,
): { change: Change; leftOut: PlaceName[] } {
  const kept: Change = { ...change };
  const leftOut: PlaceName[] = [];
  for (const name of PLACE_NAMES) {
    if (name === 'moderationChannelId') {
      const id = change[name] ?? null;
      if (id === null || knows(name, id)) continue;
      delete kept[name];
      leftOut.push(name);
      continue;
    }
    // Once each: Discord's menus refuse a choice that comes twice.
    const ids = [...new Set(change[name])];
    const known = ids.filter(id => knows(name, id));
    // A list that would be emptied so stays as it is: an empty one would let everybody in.
    if (change[name] === undefined || (ids.length > 0 && known.length === 0)) delete kept[name];
    else kept[name] = known;
    if (known.length < ids.length) leftOut.push(name);
  }
  return { change: kept, leftOut };
}

type Group = Readonly<Record<string, unknown>>;

function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isPolicyKey = (key: string): key is keyof Policy => Object.hasOwn(policySchema.shape, key);
const isPlaceName = (name: string) => PLACE_NAMES.some(each => each === name);
const unknownKey = (key: string): FileProblem => ({ kind: 'unknown-key', key });

function jsonOf(text: string): unknown {
  try {
    // Some editors put a mark of the byte order before a text.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/** A value as it may be named: of a group or a list, that it is one. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return '[…]';
  return typeof value === 'object' && value !== null ? '{…}' : String(value);
}
