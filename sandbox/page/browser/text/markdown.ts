import { isTime } from './time.ts';

/** Discord's markdown as a tree. Nothing of a text ever becomes HTML: views make elements out of the tree. */

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'underline' | 'strike' | 'spoiler'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; url: string; children: Inline[] }
  | { kind: 'mention'; of: 'user' | 'role' | 'channel' | 'command' | 'everyone'; id: string }
  | { kind: 'time'; atMs: number; style: string };

export type Block =
  | { kind: 'paragraph' | 'subtext'; children: Inline[] }
  | { kind: 'heading'; level: number; children: Inline[] }
  | { kind: 'quote'; blocks: Block[] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'code'; text: string };

type Rule = { pattern: RegExp; make: (match: RegExpExecArray) => Inline };

const span =
  (kind: 'bold' | 'italic' | 'underline' | 'strike' | 'spoiler') =>
  ([, inner = '']: RegExpExecArray): Inline => ({ kind, children: parseInline(inner) });
const text = (it: string): Inline => ({ kind: 'text', text: it });
const mention =
  (of: 'user' | 'role' | 'channel' | 'command') =>
  ([, id = '']: RegExpExecArray): Inline => ({ kind: 'mention', of, id });
const link = (url: string, shown: Inline[] = [text(url)]): Inline => ({ kind: 'link', url, children: shown });

/** The first rule that fits at a place wins. Every pattern is sticky. */
const rules: readonly Rule[] = [
  { pattern: /\\([^\w\s])/y, make: ([, it = '']) => text(it) },
  { pattern: /(`+)([\s\S]*?[^`])\1(?!`)/y, make: ([, , it = '']) => ({ kind: 'code', text: it.trim() }) },
  { pattern: /\|\|([\s\S]+?)\|\|/y, make: span('spoiler') },
  { pattern: /\*\*([\s\S]+?)\*\*(?!\*)/y, make: span('bold') },
  { pattern: /__([\s\S]+?)__(?!_)/y, make: span('underline') },
  { pattern: /~~([\s\S]+?)~~/y, make: span('strike') },
  { pattern: /\*(?=\S)((?:\*\*|[^*])+?)(?<=\S)\*(?!\*)/y, make: span('italic') },
  { pattern: /(?<![a-zA-Z0-9])_((?:__|[^_])+?)_(?![a-zA-Z0-9_])/y, make: span('italic') },
  { pattern: /<@!?(\d+)>/y, make: mention('user') },
  { pattern: /<@&(\d+)>/y, make: mention('role') },
  { pattern: /<#(\d+)>/y, make: mention('channel') },
  { pattern: /<\/([^:>]+):\d+>/y, make: mention('command') },
  { pattern: /@(everyone|here)\b/y, make: ([, id = '']) => ({ kind: 'mention', of: 'everyone', id }) },
  {
    pattern: /<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y,
    make: ([whole, at, style = 'f']) =>
      isTime(Number(at) * 1000) ? { kind: 'time', atMs: Number(at) * 1000, style } : text(whole),
  },
  { pattern: /<a?(:\w+:)\d+>/y, make: ([, name = '']) => text(name) },
  { pattern: /<(https?:\/\/[^\s>]+)>/y, make: ([, url = '']) => link(url) },
  { pattern: /\[([^\]\n]+)\]\(<?(https?:\/\/[^\s)>]+)>?\)/y, make: ([, shown = '', url = '']) => link(url, parseInline(shown)) },
  { pattern: /https?:\/\/[^\s<|]*[^\s<|.,;:!?'")\]*_~]/y, make: ([url]) => link(url) },
];

/** Characters at which a rule can begin. */
const beginnings = /[\\`|*_~<@[h]/g;

export function parseInline(source: string): Inline[] {
  const found: Inline[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') found.push(text(plain));
    plain = '';
  };
  let at = 0;
  while (at < source.length) {
    beginnings.lastIndex = at;
    const next = beginnings.exec(source)?.index ?? source.length;
    plain += source.slice(at, next);
    if (next === source.length) break;
    const made = firstRuleAt(source, next);
    if (made) {
      flush();
      found.push(made.inline);
    } else plain += source.charAt(next);
    at = next + (made?.length ?? 1);
  }
  flush();
  return found;
}

function firstRuleAt(source: string, at: number): { inline: Inline; length: number } | undefined {
  for (const { pattern, make } of rules) {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match) return { inline: make(match), length: match[0].length };
  }
  return undefined;
}

export function parseMarkdown(source: string): Block[] {
  const blocks: Block[] = [];
  const pieces = source.split(/```(?:[\w+-]*\n)?([\s\S]*?)```\n?/);
  for (const [index, piece] of pieces.entries()) {
    if (index % 2 === 1) blocks.push({ kind: 'code', text: piece.replace(/\n$/, '') });
    else if (piece !== '') blocks.push(...parseLines(piece.split('\n')));
  }
  return blocks;
}

function parseLines(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const endParagraph = () => {
    if (paragraph.some(line => line !== ''))
      blocks.push({ kind: 'paragraph', children: parseInline(paragraph.join('\n').replace(/^\n+|\n+$/g, '')) });
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const special = specialBlock(lines, at);
    if (special === undefined) {
      paragraph.push(lines[at] ?? '');
      continue;
    }
    endParagraph();
    blocks.push(special.block);
    at += special.lines - 1;
  }
  endParagraph();
  return blocks;
}

/** The block that begins at a line, if it is more than a paragraph, and how many lines it takes. */
function specialBlock(lines: readonly string[], at: number): { block: Block; lines: number } | undefined {
  const line = lines[at] ?? '';
  const [, marks, heading] = /^(#{1,3}) +(\S.*)$/.exec(line) ?? [];
  if (marks && heading) return { block: { kind: 'heading', level: marks.length, children: parseInline(heading) }, lines: 1 };
  const [, subtext] = /^-# +(.+)$/.exec(line) ?? [];
  if (subtext) return { block: { kind: 'subtext', children: parseInline(subtext) }, lines: 1 };
  if (line.startsWith('>>> ')) {
    const rest = [line.slice(4), ...lines.slice(at + 1)];
    return { block: { kind: 'quote', blocks: parseLines(rest) }, lines: rest.length };
  }
  const quoted = run(lines, at, /^> (.*)$/);
  if (quoted.length > 0) return { block: { kind: 'quote', blocks: parseLines(quoted) }, lines: quoted.length };
  for (const [ordered, pattern] of [
    [false, /^ *[-*] +(.+)$/],
    [true, /^ *\d+\. +(.+)$/],
  ] as const) {
    const items = run(lines, at, pattern);
    if (items.length > 0) return { block: { kind: 'list', ordered, items: items.map(parseInline) }, lines: items.length };
  }
  return undefined;
}

/** What a pattern captures in the lines from here on, as long as they fit. */
function run(lines: readonly string[], from: number, pattern: RegExp): string[] {
  const captured: string[] = [];
  for (let at = from; at < lines.length; at += 1) {
    const match = pattern.exec(lines[at] ?? '');
    if (!match) break;
    captured.push(match[1] ?? '');
  }
  return captured;
}
