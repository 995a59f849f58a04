import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { failed } from '../core/outcomes.ts';
import { createTexts } from '../discord/texts/texts.ts';
import { adviceText } from '../discord/views/case.ts';
import { failureTexts, USUAL_RULES } from '../discord/views/outcome.ts';
import { classify } from '../moderation/classify.ts';

/** `hallo explain`: what a FAILED text means, and what would be shown for it. */
export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('read failure texts from standard input, one a line, and tell the reason and what would be shown')
    .option('--json', 'a line of JSON each: {"text","reason","member","moderators"}', false)
    .option('--locale <code>', 'language of what would be shown', 'en-US')
    .addHelpText('after', "\nFor example: echo 'No face detected' | npm run --silent hallo -- explain --json")
    .action(async ({ json, locale }: { json: boolean; locale: string }) => {
      if (process.stdin.isTTY) process.stderr.write('Type or paste failure texts, one a line; Ctrl+D ends.\n');
      const texts = createTexts();
      for await (const text of createInterface({ input: process.stdin })) {
        if (text.trim() === '') continue;
        const reason = classify(text);
        // Only a completed run is billed.
        const outcome = failed(reason, 'no', { detail: text });
        if (outcome.kind !== 'failed') continue;
        const shown = (audience: 'public' | 'moderators') => {
          const { line, detail, next, charged } = failureTexts(outcome, locale, { audience, rules: USUAL_RULES }, texts);
          return [line, detail, next, charged].filter(part => part !== undefined).join('\n');
        };
        const advice = adviceText(reason, locale, texts);
        const moderators = advice === undefined ? shown('moderators') : `${shown('moderators')}\n${advice}`;
        const explained = { text, reason, member: shown('public'), moderators };
        console.log(json ? JSON.stringify(explained) : readable(explained));
      }
    });
}

function readable({
  text,
  reason,
  member,
  moderators,
}: {
  text: string;
  reason: string;
  member: string;
  moderators: string;
}): string {
  const indented = (block: string) => block.replaceAll('\n', '\n    ');
  return `${text}\n  reason: ${reason}\n  member sees:\n    ${indented(member)}\n  moderators see:\n    ${indented(moderators)}\n`;
}
