import { z } from 'zod';
import { scrub } from './detail.ts';
import { SegmindError } from './errors.ts';

/** The model's slug, as in `POST /v2/hallo`. */
export const HALLO_SLUG = 'hallo';

/** Every parameter of the model: its name on the wire, type, range and default. Source: the provider's model page. */
export const HALLO_PARAMETERS = {
  inputImage: { wire: 'input_image', type: 'url', what: 'the portrait, an http or https URL' },
  inputAudio: { wire: 'input_audio', type: 'url', what: 'the voice, an http or https URL' },
  poseWeight: { wire: 'pose_weight', type: 'number', min: 0, max: 10, default: 1.4, what: 'how much the head moves' },
  faceWeight: { wire: 'face_weight', type: 'number', min: 0, max: 10, default: 1, what: 'how much the expression moves' },
  lipWeight: { wire: 'lip_weight', type: 'number', min: 0, max: 10, default: 1.2, what: 'how much the lips move' },
  faceExpandRatio: {
    wire: 'face_expand_ratio',
    type: 'number',
    min: 0,
    max: 10,
    default: 1.2,
    what: 'how far around the face the picture moves',
  },
  base64: { wire: 'base64', type: 'boolean', default: false, what: 'answer the file as base64 instead of a URL' },
} as const;
export type HalloParameter = keyof typeof HALLO_PARAMETERS;

const weightOf = (name: 'poseWeight' | 'faceWeight' | 'lipWeight' | 'faceExpandRatio') => {
  const { min, max, default: standard } = HALLO_PARAMETERS[name];
  return z.number().min(min).max(max).default(standard);
};
const url = z
  .url({ protocol: /^https?$/ })
  .regex(/^https?:\/\/[^/]/i)
  .max(2_048);

const halloParamsSchema = z.strictObject({
  input_image: url,
  input_audio: url,
  pose_weight: weightOf('poseWeight'),
  face_weight: weightOf('faceWeight'),
  lip_weight: weightOf('lipWeight'),
  face_expand_ratio: weightOf('faceExpandRatio'),
  base64: z.boolean().default(HALLO_PARAMETERS.base64.default),
});
/** What `POST /v2/hallo` takes, by the names on the wire, all of them set. */
export type HalloParams = z.infer<typeof halloParamsSchema>;

/** What is wrong with one parameter: its name on the wire, the value that was given, and what would be right. */
export type HalloProblem = { parameter: string; value: string; expected: string };
export type HalloCheck =
  /** `warnings` are sentences about values that are allowed but known to fail. */
  { ok: true; params: HalloParams; warnings: string[] } | { ok: false; problems: HalloProblem[] };

/** Checks parameters, named as on the wire (`pose_weight`), and fills in the defaults. */
export function checkHallo(input: unknown): HalloCheck {
  const parsed = halloParamsSchema.safeParse(input);
  if (parsed.success) return { ok: true, params: parsed.data, warnings: warningsOf(parsed.data) };
  const given: Record<string, unknown> = z.record(z.string(), z.unknown()).catch({}).parse(input);
  const names = parsed.error.issues.flatMap(issue =>
    issue.code === 'unrecognized_keys' ? issue.keys : [String(issue.path[0] ?? 'input_image')],
  );
  return { ok: false, problems: [...new Set(names)].map(name => problemOf(name, given[name])) };
}

/** The same for those who call directly: the parameters ready to send, or a SegmindError of kind `invalid` that names the bad ones. */
export function halloParams(input: unknown): HalloParams {
  const check = checkHallo(input);
  if (check.ok) return check.params;
  const detail = check.problems.map(p => `${p.parameter} is ${p.value}, it must be ${p.expected}`).join('; ');
  throw new SegmindError({ kind: 'invalid', detail });
}

function problemOf(name: string, value: unknown): HalloProblem {
  const shown = value === undefined ? 'missing' : show(value);
  const parameter = Object.values(HALLO_PARAMETERS).find(known => known.wire === name);
  if (parameter === undefined) {
    const known = Object.values(HALLO_PARAMETERS).map(known => known.wire);
    return { parameter: scrub(name, null, 80), value: shown, expected: `left out: the parameters are ${known.join(', ')}` };
  }
  switch (parameter.type) {
    case 'url':
      return { parameter: name, value: shown, expected: 'an http or https URL of at most 2048 characters' };
    case 'number':
      return { parameter: name, value: shown, expected: `a number from ${parameter.min} to ${parameter.max}` };
    case 'boolean':
      return { parameter: name, value: shown, expected: 'true or false' };
  }
}

/** A value for a message: short, and without the query of a URL, which may be a signature. */
function show(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string'
    ? JSON.stringify(scrub(value, null, 120))
    : `of type ${value === null ? 'null' : typeof value}`;
}

function warningsOf(params: HalloParams): string[] {
  const warnings: string[] = [];
  if (params.face_expand_ratio === 0) warnings.push('face_expand_ratio 0 leaves no face to move; take a value above 0');
  const fileName = new URL(params.input_audio).pathname.split('/').at(-1) ?? '';
  if (!/^[A-Za-z0-9_-]*(\.[A-Za-z0-9]+)?$/.test(fileName)) {
    warnings.push('the file name of input_audio has special characters, which the model may stumble over; use A-Z a-z 0-9 _ -');
  }
  return warnings;
}
