/** `npm run crash -- --store embedded|postgres --rounds N --seed S`: rounds of random load, crashes and faults; see docs/guarantees.md for what has to hold. */
import { parseArgs } from 'node:util';
import '../support/loopback-only.ts';
import { createRounds, type RoundEnd } from './round.ts';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'embedded' },
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
  },
});
const [count, firstSeed] = [Number(values.rounds), Number(values.seed)];
const { store } = values;
if ((store !== 'embedded' && store !== 'postgres') || !Number.isInteger(count) || count < 1 || !Number.isInteger(firstSeed)) {
  console.error('usage: npm run crash -- --store embedded|postgres --rounds N --seed S, the last two whole numbers');
  process.exit(2);
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const seconds = (ms: number) => (ms / 1_000).toFixed(1);

function report({ plan, wrong, tookMs, uses, kills, logPath }: RoundEnd): void {
  const blows = plan.blows.map(each =>
    each.blow === 'kill-at' && each.point !== null ? `${each.blow} ${each.point}` : each.blow,
  );
  const died = kills.length === 0 ? '' : `; died ${kills.join(', ')}`;
  say(
    `seed ${plan.seed}: ${wrong.length === 0 ? 'ok' : 'WRONG'}, ${seconds(tookMs)} s, ${uses} uses; ${blows.join(', ')}${died}`,
  );
  if (wrong.length === 0) return;
  for (const each of wrong) say(`  ${each}`);
  say(`  the plan: ${JSON.stringify(plan)}`);
  say(`  what they printed: ${logPath}`);
  say(`  again: npm run crash -- --store ${plan.store} --rounds 1 --seed ${plan.seed} (the same plan; the timing may differ)`);
}

const rounds = createRounds(store);
const ends: RoundEnd[] = [];
process.once('SIGINT', () => void rounds.close().finally(() => process.exit(130)));
for (let index = 0; index < count; index += 1) {
  const end = await rounds.play(firstSeed + index);
  ends.push(end);
  report(end);
}
await rounds.close();

const bad = ends.filter(end => end.wrong.length > 0);
const points = new Set(ends.flatMap(end => end.kills));
const tookMs = ends.reduce((sum, end) => sum + end.tookMs, 0);
say(
  `${count} rounds, ${ends.reduce((sum, end) => sum + end.uses, 0)} uses, ${seconds(tookMs / count)} s a round; ` +
    `killed at ${points.size} named instants; ${bad.length === 0 ? 'all is well' : `WRONG: seeds ${bad.map(end => end.plan.seed).join(', ')}`}`,
);
process.exitCode = bad.length === 0 ? 0 : 1;
