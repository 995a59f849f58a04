/** Longest detail that is shown, in UTF-16 units. */
export const LONGEST_DETAIL = 300;

const GAP = '…';

/** Control, format (bidi, zero width), private and unassigned characters, and stacks of combining marks. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}]/gu;
const MARKS = /(\p{M}{2})\p{M}+/gu;

/** `scheme:` with what follows, `www.`, and any host with a path, which clients turn into links and invites. */
const LINKS = [
  /[a-z][a-z0-9+.-]*:\/\/\S*/gi,
  /\b(?:https?|mailto|data|javascript):\S*/gi,
  /www\.\S*/gi,
  /(?:[\p{L}\p{N}-]+\.)+[\p{L}\p{N}-]{2,}(?::\d+)?\/\S*/gu,
];

/** What follows "request id:" and the like, UUIDs, long numbers, and long tokens that hold a digit. */
const NAMED_ID =
  /\b((?:request|trace|task|job|support|error|session|user)[ -]*(?:id|code)s?)(?:[ ]*[:=#][ ]*|[ ]+(?=\S*\d))[^\s,;.]+/gi;
const IDS = [
  /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi,
  /(?=[\p{L}\p{N}-]*\p{N})[\p{L}\p{N}-]{20,}/gu,
  /\b(?=[0-9a-f]*\d)[0-9a-f]{12,}\b/gi,
  /\p{N}{5,}/gu,
];

/** What one pass takes away may bring together what another has to take away: passes go on until nothing changes. */
const MOST_PASSES = 10;

/**
 * The provider's own text, made harmless to show: no mentions, no markdown, no links or ids, nothing invisible, one line, at
 * most 300 characters. Undefined where nothing readable is left.
 */
export function cleanDetail(raw: string): string | undefined {
  let text = raw.slice(0, 20 * LONGEST_DETAIL).normalize('NFC');
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const cleaner = shorten(cleanOnce(text));
    if (cleaner === text) break;
    text = cleaner;
  }
  return /[\p{L}\p{N}]/u.test(text) ? text : undefined;
}

function cleanOnce(raw: string): string {
  // Characters go first, so that none of them can hide a link from the patterns that follow.
  let text = raw.replace(/\s+/gu, ' ').replace(INVISIBLE, '').replace(MARKS, '$1');
  text = text
    .replace(/[@*~|`\\<>#^]/g, '')
    .replace(/_/g, ' ')
    .replace(/[[{]/g, '(')
    .replace(/[\]}]/g, ')');
  for (const link of LINKS) text = text.replace(link, GAP);
  text = text.replace(NAMED_ID, `$1 ${GAP}`);
  for (const id of IDS) text = text.replace(id, GAP);
  return text
    .replace(/(?:…[\s.,:;-]*){2,}/g, `${GAP} `)
    .replace(/\s+/gu, ' ')
    .replace(/^[\s\-+.,:;=…]+/, '')
    .trim();
}

/** Cut at a whole character, with an ellipsis. */
function shorten(text: string): string {
  if (text.length <= LONGEST_DETAIL) return text;
  const cut = text.slice(0, LONGEST_DETAIL - 1).replace(/[\uD800-\uDBFF]$/, '');
  return cut.trimEnd() + GAP;
}
