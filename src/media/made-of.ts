import { createHash } from 'node:crypto';
import type { RenderRequest } from '../core/render.ts';
import { WEIGHT_NAMES } from '../core/weights.ts';

/** Raised when inputs are prepared, or ordered, in another way than before. */
const WAY = 1;

/** A hash by which the same wish is known again: of this member in this guild alone, so that nothing is told about others' files. */
export function madeOf(
  { guildId, memberId, weights }: Pick<RenderRequest, 'guildId' | 'memberId' | 'weights'>,
  { portraitSha256, voiceSha256, renderer }: { portraitSha256: string; voiceSha256: string; renderer: string },
): string {
  const parts = [WAY, guildId, memberId, portraitSha256, voiceSha256, ...WEIGHT_NAMES.map(name => weights[name]), renderer];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
