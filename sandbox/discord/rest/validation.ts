import type { z } from 'zod';
import { type FieldError, invalidForm, type Result, refused, value } from './answers.ts';

type Issue = z.core.$ZodIssue;

/** Checks a body, and refuses it as Discord does: 50035 with a tree of what is wrong where. */
export function check<Schema extends z.ZodType>(schema: Schema, body: unknown): Result<z.infer<Schema>> {
  const parsed = schema.safeParse(body, { reportInput: true });
  if (parsed.success) return value(parsed.data);
  return refused(invalidForm(parsed.error.issues.flatMap(toFieldErrors)));
}

function toFieldErrors(issue: Issue): FieldError[] {
  const { path } = issue;
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined && path.length > 0
        ? [{ path, code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }]
        : [{ path, code: typeCode(issue.expected), message: `Could not interpret this as ${issue.expected}.` }];
    case 'too_big':
      return [{ path, ...tooBig(issue.origin, Number(issue.maximum)) }];
    case 'too_small':
      return [{ path, ...tooSmall(issue.origin, Number(issue.minimum)) }];
    case 'invalid_value':
      return [{ path, code: 'BASE_TYPE_CHOICES', message: `Value must be one of {${issue.values.map(String).join(', ')}}.` }];
    case 'invalid_format':
      return [{ path, code: 'STRING_TYPE_REGEX', message: `String value did not match validation regex.` }];
    case 'invalid_union':
      if (issue.errors.length === 0) {
        return [{ path, code: 'UNION_TYPE_CHOICES', message: 'Value of field "type" is not one that is allowed here.' }];
      }
      return nearest(issue.errors).flatMap(each => toFieldErrors({ ...each, path: [...path, ...each.path] }));
    case 'custom':
      return [{ path, code: String(issue.params?.code ?? 'BASE_TYPE_INVALID'), message: issue.message }];
    default:
      return [{ path, code: 'BASE_TYPE_INVALID', message: issue.message }];
  }
}

/** Of a union's branches, the one that came furthest explains best. */
function nearest(branches: readonly Issue[][]): Issue[] {
  const depth = (issues: Issue[]) => Math.min(...issues.map(each => each.path.length));
  return [...branches].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? [];
}

function typeCode(expected: string): string {
  switch (expected) {
    case 'string':
      return 'STRING_TYPE_CONVERT';
    case 'number':
    case 'int':
      return 'NUMBER_TYPE_COERCE';
    case 'boolean':
      return 'BOOLEAN_TYPE_CONVERT';
    case 'array':
      return 'LIST_TYPE_CONVERT';
    default:
      return 'MODEL_TYPE_CONVERT';
  }
}

function tooBig(origin: string, maximum: number) {
  if (origin === 'string') return { code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${maximum} or fewer in length.` };
  if (origin === 'array') return { code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${maximum} or fewer in length.` };
  return { code: 'NUMBER_TYPE_MAX', message: `int value should be less than or equal to ${maximum}.` };
}

function tooSmall(origin: string, minimum: number) {
  if (origin === 'string' || origin === 'array') {
    return { code: 'BASE_TYPE_MIN_LENGTH', message: `Must be ${minimum} or more in length.` };
  }
  return { code: 'NUMBER_TYPE_MIN', message: `int value should be greater than or equal to ${minimum}.` };
}
