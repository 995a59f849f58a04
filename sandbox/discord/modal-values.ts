import type { GivenFile } from './attachments.ts';
import type { Resolved } from './member-data.ts';
import { componentTypes as types } from './numbers.ts';
import { fileTypeProblem } from './options.ts';
import type { Modal, ModalField } from './rest/component-schema.ts';

/** What a member puts into a field: text, chosen values, a tick, files. */
export type ModalValue = string | string[] | boolean | { files: GivenFile[] };

export type Submission = { ok: true; components: unknown[] } | { ok: false; problem: string };

type Filled = { ok: true; field: Record<string, unknown> } | { ok: false; problem: string };

/** A modal's fields as they are submitted; fields left out keep the value that the modal gave them, if any. */
export async function modalSubmission(
  modal: Modal,
  values: Record<string, ModalValue>,
  resolved: Pick<Resolved, 'upload' | 'chosen'>,
): Promise<Submission> {
  const known = new Set<string>();
  const components: unknown[] = [];
  for (const [id, part] of modal.components.entries()) {
    if (part.type === types.textDisplay) {
      components.push({ type: part.type, id });
      continue;
    }
    const fields: ModalField[] = part.type === types.label ? [part.component] : part.components;
    const filledIn: unknown[] = [];
    for (const field of fields) {
      known.add(field.custom_id);
      const filled = await fill(field, values[field.custom_id], resolved);
      if (!filled.ok) return { ok: false, problem: `${nameOf(part, field)} ${filled.problem}` };
      filledIn.push({ type: field.type, id, custom_id: field.custom_id, ...filled.field });
    }
    components.push(
      part.type === types.label ? { type: part.type, id, component: filledIn[0] } : { type: part.type, id, components: filledIn },
    );
  }
  const strange = Object.keys(values).find(each => !known.has(each));
  return strange === undefined ? { ok: true, components } : { ok: false, problem: `the modal has no field ${strange}` };
}

/** What a member reads above the field. */
function nameOf(part: Modal['components'][number], field: ModalField): string {
  if (part.type === types.label) return part.label;
  return 'label' in field && typeof field.label === 'string' ? field.label : field.custom_id;
}

const wrong = (problem: string): Filled => ({ ok: false, problem });
const filled = (field: Record<string, unknown>): Filled => ({ ok: true, field });

async function fill(
  field: ModalField,
  given: ModalValue | undefined,
  resolved: Pick<Resolved, 'upload' | 'chosen'>,
): Promise<Filled> {
  switch (field.type) {
    case types.textInput: {
      const text = given ?? field.value ?? '';
      if (typeof text !== 'string') return wrong('takes text');
      if (text === '' && field.required !== false) return wrong('is required');
      if (text !== '' && text.length < (field.min_length ?? 0)) return wrong(`takes at least ${field.min_length} characters`);
      return text.length > (field.max_length ?? 4_000)
        ? wrong(`takes at most ${field.max_length ?? 4_000} characters`)
        : filled({ value: text });
    }
    case types.checkbox: {
      const ticked = given ?? field.default ?? false;
      return typeof ticked === 'boolean' ? filled({ value: ticked }) : wrong('takes true or false');
    }
    case types.radioGroup: {
      const chosen = given ?? field.options.find(each => each.default)?.value ?? null;
      if (chosen === null) return field.required === false ? filled({ value: null }) : wrong('is required');
      const offered = typeof chosen === 'string' && field.options.some(each => each.value === chosen);
      return offered ? filled({ value: chosen }) : wrong('takes one of its options');
    }
    case types.fileUpload: {
      const files = typeof given === 'object' && !Array.isArray(given) ? given.files : [];
      if (files.length < (field.min_values ?? 1) && field.required !== false) return wrong('is required');
      if (files.length > (field.max_values ?? 1)) return wrong(`takes at most ${field.max_values ?? 1} files`);
      const unfit = files.map(file => fileTypeProblem(field.file_types, file)).find(each => each !== null);
      return unfit ? wrong(unfit) : filled({ values: await Promise.all(files.map(resolved.upload)) });
    }
    default: {
      const options = field.type === types.stringSelect || field.type === types.checkboxGroup ? field.options : undefined;
      const usual = options ? options.filter(each => each.default).map(each => each.value) : defaultsOf(field);
      const chosen = given ?? usual;
      if (!Array.isArray(chosen)) return wrong('takes a list of values');
      if (options && chosen.some(value => !options.some(each => each.value === value))) return wrong('takes its options only');
      if (chosen.length < (field.min_values ?? 1) && field.required !== false) return wrong('is required');
      const most = field.max_values ?? (field.type === types.checkboxGroup ? field.options.length : 1);
      if (chosen.length > most) return wrong('has too many values');
      resolved.chosen(field.type, chosen);
      return filled({ values: chosen });
    }
  }
}

/** What an entity select offers as chosen already. */
function defaultsOf(field: ModalField): string[] {
  return 'default_values' in field && Array.isArray(field.default_values) ? field.default_values.map(each => each.id) : [];
}
