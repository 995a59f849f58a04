/** A command with placeholders, split into words; a placeholder never adds a word or anything for a shell to read. */
export type Template = { words: readonly string[] };
export type TemplateResult = { ok: true; template: Template } | { ok: false; problem: string };

/** What stands in a template in braces. */
export const placeholders = [
  'image',
  'audio',
  'output',
  'pose_weight',
  'face_weight',
  'lip_weight',
  'face_expand_ratio',
] as const;
export type Placeholder = (typeof placeholders)[number];

const required: readonly Placeholder[] = ['image', 'audio', 'output'];
const inBraces = /\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

type Quote = "'" | '"';

/**
 * Splits at blanks. '…' takes everything literally; "…" knows \" and \\; elsewhere a backslash takes the next character
 * literally. Undefined where a quote is not closed.
 */
function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: Quote | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    const escapes = char === '\\' && quote !== "'" && (quote === undefined ? next !== '' : next === '"' || next === '\\');
    if (escapes) {
      word = (word ?? '') + next;
      at += 1;
    } else if (char === quote) quote = undefined;
    else if (quote === undefined && (char === "'" || char === '"')) {
      quote = char;
      word ??= '';
    } else if (quote === undefined && /\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (quote !== undefined) return undefined;
  return word === undefined ? words : [...words, word];
}

/** Reads a command template; the problem is a sentence for the operator. */
export function parseTemplate(text: string): TemplateResult {
  const words = splitWords(text);
  if (words === undefined) return { ok: false, problem: 'The command has a quote that is not closed.' };
  if (words[0] === undefined) return { ok: false, problem: 'The command is empty.' };
  const used = new Set(words.flatMap(word => [...word.matchAll(inBraces)].map(found => found[1])));
  const unknown = [...used].find(name => !placeholders.some(known => known === name));
  const list = placeholders.map(name => `{${name}}`).join(', ');
  if (unknown !== undefined)
    return { ok: false, problem: `The command has an unknown placeholder {${unknown}}. Known are ${list}.` };
  const missing = required.find(name => !used.has(name));
  if (missing !== undefined) return { ok: false, problem: `The command lacks the placeholder {${missing}}.` };
  return { ok: true, template: { words } };
}

/** Puts the values in; each word stays one argument, whatever its values hold. */
export function fillTemplate(template: Template, values: Readonly<Record<Placeholder, string>>): string[] {
  const byName: Readonly<Record<string, string>> = values;
  return template.words.map(word => word.replaceAll(inBraces, (whole, name: string) => byName[name] ?? whole));
}
