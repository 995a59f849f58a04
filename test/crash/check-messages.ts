import type { Discord, SandboxMessage } from '../../sandbox/discord/index.ts';
import { shownBy } from '../e2e/stage.ts';
import type { Facts } from './check.ts';
import type { Plan } from './plan.ts';

/** What is wrong with what a member, and their channel, saw of one use of the command. */
export function checkMessages(discord: Discord, plan: Plan, facts: Facts): string[] {
  const { played, row } = facts;
  if (played.originalId === undefined) return checkUndeferred(facts);
  if (row === undefined) return ['has a deferral and no row'];
  const states = discord.messages.history(played.originalId).map(version => version.message);
  return [
    ...checkStates(states),
    ...(isPrivatelyRefused(facts) ? checkFollowUps(plan, facts) : checkEnd(facts)),
    ...checkCancel(facts),
    ...checkNeighbours(discord, facts),
  ];
}

function checkUndeferred({ played, row, requests }: Facts): string[] {
  const found: string[] = [];
  if (requests.length > 0) found.push('was submitted without a deferral');
  if (row !== undefined && (row.data.outcome?.kind !== 'cancelled' || row.data.rung !== 'none'))
    found.push(`has no deferral, and ended as ${row.data.outcome?.kind} on rung ${row.data.rung}`);
  if (played.answer?.kind === 'message' && row !== undefined) found.push('was refused, and has a row');
  return found;
}

/** Once a message has shown an end, it shows that end. */
function checkStates(states: readonly SandboxMessage[]): string[] {
  const standing = states.filter(each => each.deletedAt === null);
  const first = standing.findIndex(each => !['thinking', 'in progress'].includes(shownBy(each)));
  const ends = new Set((first < 0 ? [] : standing.slice(first)).map(each => `${shownBy(each)}: ${each.content}`));
  return ends.size > 1 ? [`its message had several ends: ${[...ends].join(' | ')}`] : [];
}

const OF_THE_INPUTS = new Set(['image', 'face', 'audio', 'input']);

/** Refused for its inputs after a public deferral: told in private, in the place of the public message. */
function isPrivatelyRefused({ played, row }: Facts): boolean {
  const outcome = row?.data.outcome;
  if (played.use.private || outcome?.kind !== 'failed') return false;
  // The provider may find it too, as it refuses the order.
  return outcome.problem !== null || (row?.data.job === null && OF_THE_INPUTS.has(outcome.reason));
}

function checkFollowUps(plan: Plan, { played, row }: Facts): string[] {
  const followUps = played.handle.followUps();
  const found: string[] = [];
  if (played.handle.original() !== undefined) found.push('its refused inputs still stand in public');
  if (row?.data.rung !== 'interaction') found.push(`its refusal ended on rung ${row?.data.rung}`);
  if (followUps.some(each => each.ephemeralFor !== played.memberId)) found.push('its refusal was shown to others');
  const texts = new Set(followUps.map(each => each.content));
  if (texts.size !== 1) found.push(`its refusal was told as ${[...texts].join(' | ')}`);
  // The rule: such a message has no nonce, so it may come twice where its first answer was lost.
  if (followUps.length > 1 && !mayRepeat(plan)) found.push(`its refusal was told ${followUps.length} times`);
  return found;
}

function mayRepeat({ blows, discordFaults }: Plan): boolean {
  return blows.some(({ blow }) => blow !== 'kill-server') || discordFaults.length > 0;
}

const ENDS = { video: 'video', failed: 'no video', cancelled: 'cancelled' } as const;
const CHARGED = {
  no: 'Nothing was charged.',
  maybe: 'It may have been charged.',
  yes: /It was charged( all the same)?\./,
} as const;

function checkEnd({ played, row }: Facts): string[] {
  const message = played.handle.original();
  const data = row?.data;
  if (data?.outcome == null) return ['has no outcome'];
  // Deleted on purpose: nothing is posted again.
  if (played.removed) return message === undefined && data.rung === 'none' ? [] : [`was deleted, and ended on rung ${data.rung}`];
  if (message === undefined) return ['its message is gone'];
  const found: string[] = [];
  const { outcome } = data;
  if (shownBy(message) !== ENDS[outcome.kind])
    found.push(`ended as ${outcome.kind}, and shows "${shownBy(message)}": ${message.content}`);
  if (data.rung !== 'interaction') found.push(`was delivered on rung ${data.rung}`);
  if (outcome.kind === 'video' && !message.content.includes(`pose ${played.poseWeight} `))
    found.push('shows the video of another');
  if (outcome.kind !== 'video' && message.content.match(CHARGED[outcome.charged]) === null)
    found.push(`is charged "${outcome.charged}", and says ${message.content}`);
  if (message.attachments.length !== (outcome.kind === 'video' ? 1 : 0)) found.push(`shows ${message.attachments.length} files`);
  return found;
}

/** Who was told "cancelled" sees no video. */
function checkCancel({ played, row }: Facts): string[] {
  const told = played.presses.map(press => press.original()?.content ?? '').filter(text => text.startsWith('Cancelled'));
  const outcome = row?.data.outcome;
  if (told.length === 0 || outcome == null) return [];
  if (outcome.kind !== 'cancelled') return [`was told "${told[0]}", and ended as ${outcome.kind}`];
  const free = told.some(text => text.includes('Nothing was charged'));
  return free && outcome.charged !== 'no' ? [`was told "${told[0]}", and is charged "${outcome.charged}"`] : [];
}

/** Beside its own message there is one mention at most, and nothing else. */
function checkNeighbours(discord: Discord, { played }: Facts): string[] {
  const after = (message: SandboxMessage) => message.createdAt >= played.handle.createdAt;
  const posted = discord.messages.inChannel(played.channelId).filter(each => each.interactionId === null && after(each));
  const pings = posted.filter(each => each.reference?.messageId === played.originalId);
  const found: string[] = [];
  if (pings.length > 1) found.push(`was mentioned ${pings.length} times`);
  if (pings.some(each => each.pings.some(id => id !== played.memberId))) found.push('its mention reached others');
  const strange = posted.filter(each => each.reference === null);
  if (strange.length > 0) found.push(`beside it was posted: ${strange.map(each => each.content).join(' | ')}`);
  const direct = discord.messages.direct(played.memberId).filter(after);
  if (direct.length > 0) found.push(`a direct message says: ${direct.map(each => each.content).join(' | ')}`);
  return found;
}
