import { refusalIn } from '../../core/guards/held-back.ts';
import type { InputProblem } from '../../core/render.ts';
import { cleanDetail } from '../clean-detail.ts';
import type { Facts, Texts } from '../texts/texts.ts';
import { standingRefusalText } from './standing-refusal.ts';

const MIB = 1024 * 1024;

/** What is wrong with an input, or what moderators have decided meanwhile, in a sentence; undefined where none is written for its code. */
export function problemText(problem: InputProblem, locale: string, texts: Texts): string | undefined {
  const refusal = refusalIn(problem);
  if (refusal !== undefined) return standingRefusalText(refusal, locale, texts);
  return texts.problem(locale, problem.code, readable(problem.facts));
}

/** Facts as people read them. Texts among them may be foreign: they are cleaned as a detail is. */
function readable(facts: InputProblem['facts']): Facts {
  const shown: Record<string, string | number> = {};
  for (const [name, fact] of Object.entries(facts)) {
    shown[name] = typeof fact === 'string' ? (cleanDetail(fact) ?? '…') : Math.round(fact * 10) / 10;
  }
  // A limit is rounded down: what is named as allowed is allowed.
  if (typeof facts.maxBytes === 'number') shown.maxMb = Math.floor((facts.maxBytes / MIB) * 10) / 10;
  if (typeof facts.maxPixels === 'number') shown.maxMegapixels = Math.floor(facts.maxPixels / 1e6);
  if (facts.subject !== undefined) shown.context = facts.subject;
  else if (facts.found !== undefined) shown.context = 'found';
  return shown;
}
