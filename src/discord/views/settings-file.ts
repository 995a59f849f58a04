import { MOST_IDS } from '../../core/policy.ts';
import { FILE_VERSION, type FileProblem, type PlaceName, type Right } from '../../core/policy-file.ts';
import type { Texts } from '../texts/texts.ts';
import { fitting, viewOf } from './view.ts';

type In = { locale: string; texts: Texts };

export const SETTINGS_FILE_NAME = 'hallo-settings.json';
/** Longer than any setting's name. */
const LONGEST_SHOWN = 40;

/** What is wrong with a settings file, a line each, as many as a message holds. */
export function fileProblemsText(problems: readonly FileProblem[], { locale, texts }: In): string {
  const title = texts.say(locale, 'settings.wrong');
  const lines = problems.map(problem => problemLine(problem, { locale, texts }));
  const more = (count: number) => (count === 0 ? undefined : texts.say(locale, 'settings.more', { count }));
  const shown = fitting(lines, [title, more(lines.length)]);
  return viewOf([title, ...shown, more(lines.length - shown.length)]).content;
}

function problemLine(problem: FileProblem, { locale, texts }: In): string {
  switch (problem.kind) {
    case 'not-json':
      return texts.say(locale, 'settings.file.notJson');
    case 'other-file':
      return texts.say(locale, 'settings.file.otherFile');
    case 'other-version':
      return texts.say(locale, 'settings.file.otherVersion', { given: codeText(problem.given), version: FILE_VERSION });
    case 'unknown-key':
      return texts.say(locale, 'settings.file.unknownKey', { key: codeText(problem.key) });
    case 'wrong-value': {
      const { key, given, right } = problem;
      const facts = { key, given: codeText(given), right: rightText(right, { locale, texts }) };
      return texts.say(locale, 'settings.file.wrongValue', facts);
    }
  }
}

function rightText(right: Right, { locale, texts }: In): string {
  switch (right.kind) {
    case 'number': {
      const { min, max, whole } = right.range;
      return texts.say(locale, whole ? 'settings.whole' : 'settings.number', { min, max });
    }
    case 'one-of':
      return texts.say(locale, 'settings.file.oneOf', { values: right.values.map(value => `\`${value}\``).join(', ') });
    case 'ids':
      return texts.say(locale, 'settings.file.ids', { most: MOST_IDS });
    case 'id':
      return texts.say(locale, 'settings.file.id');
    case 'group':
      return texts.say(locale, 'settings.file.group');
  }
}

/** What a file names that is not of this guild, and what becomes of it. */
export function leftOutLines(elsewhere: boolean, leftOut: readonly PlaceName[], { locale, texts }: In): string[] {
  if (elsewhere) return [texts.say(locale, 'settings.file.elsewhere')];
  if (leftOut.length === 0) return [];
  const names = leftOut.map(name => texts.say(locale, `settings.${name}.label`)).join(', ');
  return [texts.say(locale, 'settings.file.leftOut', { names })];
}

/** What stands in the file, harmless between backticks. */
function codeText(text: string): string {
  const harmless = text.replace(/[^\p{L}\p{N} _.,:+-]+/gu, '…').trim();
  return harmless.length > LONGEST_SHOWN ? `${harmless.slice(0, LONGEST_SHOWN)}…` : harmless || '…';
}
