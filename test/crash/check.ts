import { ESTIMATE_USD } from '../e2e/stage.ts';
import type { Books, Row } from './books.ts';
import { checkLog } from './check-log.ts';
import { checkMessages } from './check-messages.ts';
import type { Plan } from './plan.ts';
import type { Performance, Played } from './play.ts';
import { type CrashStage, LIMITS } from './stage.ts';

export type Requests = Awaited<ReturnType<CrashStage['server']['record']>>['requests'];

/** What became of one use of the command, as both sides have it. */
export type Facts = { played: Played; row: Row | undefined; requests: Requests };

/** Everything that is not as it was promised, a sentence each. */
export async function checkRound(stage: CrashStage, plan: Plan, performance: Performance): Promise<string[]> {
  const [{ requests }, books, { spentUsd }] = await Promise.all([stage.server.record(), stage.readBooks(), stage.bot.figures()]);
  const facts = performance.played.map(played => factsOf(played, books, requests));
  return [
    ...performance.trouble,
    ...facts.flatMap(each =>
      [...checkMessages(stage.discord, plan, each), ...checkMoney(plan, each)].map(told => `${each.played.poseWeight}: ${told}`),
    ),
    ...performance.guildIds.flatMap(guildId => checkGuild(guildId, facts, books)),
    ...checkAtOnce(facts, LIMITS.atOnceInAll, 'all guilds'),
    ...checkBooks(books, spentUsd),
    ...(await stage.leaks()),
    ...checkLog(stage, performance.sinceMs, performance.outages),
  ];
}

function factsOf(played: Played, { rows }: Books, requests: Requests): Facts {
  const own = (poseWeight: number | undefined) => poseWeight === played.poseWeight;
  return {
    played,
    row: rows.find(row => own(row.data.weights.poseWeight)),
    requests: requests.filter(request => own(request.weights?.poseWeight)),
  };
}

/** Submitted once at most, and what is booked is the bill; where nobody can know, the estimate. */
function checkMoney(plan: Plan, { played, row, requests }: Facts): string[] {
  const [request] = requests;
  if (requests.length > 1) return [`was submitted ${requests.length} times`];
  if (row === undefined) return request === undefined ? [] : ['was submitted without a row'];
  const { outcome, costUsd, cancelledAtMs } = row.data;
  if (row.phase !== 'closed' || outcome === null) return [`its row stands in ${row.phase}`];
  const charged = outcome.kind === 'video' ? 'yes' : outcome.charged;
  const billedUsd = request?.costUsd ?? null;
  const found: string[] = [];
  const expectedUsd = { no: 0, maybe: ESTIMATE_USD, yes: billedUsd }[charged];
  if (costUsd !== expectedUsd) found.push(`books ${costUsd} for "${charged}", the bill says ${billedUsd}`);
  if (charged === 'no' && billedUsd !== null) found.push('was told that nothing is charged, and is billed');
  if (outcome.kind === 'cancelled' && cancelledAtMs === null && played.originalId !== undefined)
    found.push('was cancelled by nobody');
  if (outcome.kind === 'failed' && charged === 'maybe') {
    if (outcome.reason !== 'submit-unknown') found.push(`may have been charged, and ended as ${outcome.reason}`);
    if (!mayLoseAnswers(plan)) found.push('nothing explains that its submit has no answer');
  }
  // A paid result reaches its member, but for what docs/guarantees.md names.
  const noVideoAtAll = plan.serverFaults.some(({ fault }) => fault === 'not-a-video');
  if (outcome.kind === 'failed' && charged === 'yes' && !noVideoAtAll) found.push('was paid, and its video is not delivered');
  return found;
}

/** Whether a round can take the answer of a submit away. */
function mayLoseAnswers({ blows, serverFaults }: Plan): boolean {
  const kills = blows.some(({ blow }) => blow !== 'term');
  const unclear = ['drop', 'malformed', 'incomplete-submit', 'error'];
  return kills || serverFaults.some(each => unclear.includes(each.fault) && (!('call' in each) || each.call === 'submit'));
}

function checkGuild(guildId: string, facts: readonly Facts[], books: Books): string[] {
  const own = facts.filter(each => each.played.guildId === guildId);
  const rows = books.rows.filter(row => row.guild_id === guildId);
  const found = checkAtOnce(own, LIMITS.atOnce, `guild ${guildId}`);
  if (rows.length !== own.filter(each => each.row !== undefined).length)
    found.push(`guild ${guildId} has rows that nobody asked for`);
  const counted = rows.filter(row => row.counts === 1).length;
  if (counted > LIMITS.perHour) found.push(`guild ${guildId} had ${counted} renders in an hour, its limit is ${LIMITS.perHour}`);
  const costUsd = sum(rows.map(row => row.data.costUsd ?? 0));
  const bookedUsd = books.spentUsd(guildId);
  if (!same(costUsd, bookedUsd)) found.push(`guild ${guildId} has ${bookedUsd} booked, its renders cost ${costUsd}`);
  const billedUsd = sum(own.flatMap(each => each.requests.map(request => request.costUsd ?? 0)));
  if (Math.max(bookedUsd, billedUsd) > LIMITS.guildUsd + 1e-9)
    found.push(`guild ${guildId} spent ${bookedUsd}, billed ${billedUsd}`);
  return found;
}

/** Counted at the server: from the submit to the end, or as long as a submit without an answer keeps its place. */
function checkAtOnce(facts: readonly Facts[], limit: number, whose: string): string[] {
  const spans = facts.flatMap(({ row, requests }) =>
    requests.map(({ receivedAt, endedAt }) => ({
      fromMs: Date.parse(receivedAt),
      toMs: Math.min(
        endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(endedAt),
        row?.data.placeUntilMs ?? Number.POSITIVE_INFINITY,
      ),
    })),
  );
  const most = Math.max(
    0,
    ...spans.map(({ fromMs }) => spans.filter(each => each.fromMs <= fromMs && fromMs < each.toMs).length),
  );
  return most > limit ? [`${whose}: ${most} renders at once, the limit is ${limit}`] : [];
}

function checkBooks(books: Books, metricUsd: number): string[] {
  const { rows, strays, work, spentUsd } = books;
  const open = rows.filter(row => row.phase !== 'closed' || row.lease_owner !== null);
  const found = open.map(row => `render ${row.data.id} is left in ${row.phase}`);
  if (strays.length > 0) found.push(`files and their rows differ: ${strays.join(', ')}`);
  if (work.length > 0) found.push(`work is left: ${work.join(', ')}`);
  const costUsd = sum(rows.map(row => row.data.costUsd ?? 0));
  if (!same(costUsd, spentUsd('*')) || !same(costUsd, metricUsd))
    found.push(`booked in all: ${spentUsd('*')}, by the metric: ${metricUsd}, by the renders: ${costUsd}`);
  return found;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
const same = (one: number, other: number) => Math.abs(one - other) < 1e-6;
