import type { Reason } from '../core/reasons.ts';

/** Google's support codes: the category that its filters name by number (Veo and Imagen, "Support codes: 15236754"). */
const CODES: readonly { category: string; reason: Reason; codes: readonly string[] }[] = [
  { category: 'child', reason: 'blocked-minor', codes: ['58061214', '17301594'] },
  { category: 'celebrity', reason: 'blocked-person', codes: ['29310472', '15236754'] },
  { category: 'face', reason: 'blocked-person', codes: ['39322892'] },
  { category: 'personal data', reason: 'blocked-person', codes: ['92201652'] },
  { category: 'sexual', reason: 'blocked-sexual', codes: ['90789179', '43188360'] },
  { category: 'vulgar', reason: 'blocked-sexual', codes: ['32635315'] },
  { category: 'violence', reason: 'blocked-violence', codes: ['61493863', '56562880'] },
  { category: 'dangerous', reason: 'blocked-violence', codes: ['62263041'] },
  { category: 'hate', reason: 'blocked-hate', codes: ['57734940', '22137204'] },
  { category: 'toxic', reason: 'blocked-hate', codes: ['78610348'] },
  { category: 'video safety', reason: 'blocked-other', codes: ['64151117', '42237218'] },
  { category: 'third-party content', reason: 'blocked-other', codes: ['35561574', '35561575'] },
  { category: 'other', reason: 'blocked-other', codes: ['74803281', '29578790', '42876398'] },
  { category: 'prohibited', reason: 'blocked-other', codes: ['89371032', '49114662', '63429089', '72817394', '60599140'] },
];

const REASON_OF = new Map(CODES.flatMap(({ reason, codes }) => codes.map(code => [code, reason] as const)));

/** Any number of eight digits may be a code, so the text has to speak of support codes, or of filtered media. */
const SPEAKS_OF_CODES = /support ?codes?|rai ?(?:media ?)?filtered/;

/** The reasons that the support codes in a normalised text stand for; none where no known code is named as one. */
export function reasonsOfSupportCodes(text: string): Reason[] {
  if (!SPEAKS_OF_CODES.test(text)) return [];
  return [...text.matchAll(/(?<!\d)\d{8}(?!\d)/g)].flatMap(([code]) => REASON_OF.get(code) ?? []);
}
