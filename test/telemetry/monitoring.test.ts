import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createRequestBudget } from '../../src/core/request-budget.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { createTelemetry, observe } from '../../src/telemetry/telemetry.ts';
import { timedLedger } from '../../src/telemetry/timed-ledger.ts';
import { createManualClock } from '../support/manual-clock.ts';

const root = resolve(import.meta.dirname, '../..');
const page = (name: string) => readFile(join(root, 'docs/monitoring', name), 'utf8');

let figures: ReadonlySet<string>;
let shown = '';
let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hallo-monitoring-'));
  const clock = createManualClock();
  const opened = await openStorage({ databaseUrl: undefined, dataDir: directory }, { clock, owner: 'a', newId: () => 'b' });
  if (!opened.ok) throw new Error(opened.detail);
  const { registry } = createTelemetry(pino({ enabled: false }));
  const ledger = timedLedger(opened.storage.ledger, registry);
  observe(registry, { ledger, budget: createRequestBudget({ requestsPerMinute: 60, clock }), clock });
  shown = await registry.metrics();
  figures = new Set(
    registry
      .getMetricsAsArray()
      .flatMap(({ name, type }) =>
        String(type) === 'histogram' ? ['_bucket', '_sum', '_count'].map(end => name + end) : [name],
      ),
  );
  await opened.storage.close();
});
afterAll(() => rm(directory, { recursive: true }));

const namesIn = (expression: string) => expression.match(/\b(?:hallo|nodejs|process)_\w+/g) ?? [];
const unknownOf = (expressions: readonly string[]) => expressions.flatMap(namesIn).filter(name => !figures.has(name));

const dashboardSchema = z.object({
  templating: z.object({ list: z.array(z.object({ name: z.string(), type: z.string() })) }),
  panels: z.array(
    z.object({
      id: z.number(),
      datasource: z.object({ uid: z.string().regex(/^\$\{datasource\}$/) }),
      targets: z.array(z.object({ expr: z.string() })).min(1),
    }),
  ),
});

test('the dashboard shows figures that exist, of the data source that is chosen', async () => {
  const { panels, templating } = dashboardSchema.parse(JSON.parse(await page('dashboard.json')));
  expect(templating.list).toContainEqual({ name: 'datasource', type: 'datasource' });
  expect(new Set(panels.map(panel => panel.id)).size).toBe(panels.length);
  expect(unknownOf(panels.flatMap(panel => panel.targets.map(target => target.expr)))).toEqual([]);
});

test('the dashboard and the alerts leave no figure of ours out', async () => {
  const used = new Set(namesIn((await page('dashboard.json')) + (await page('alerts.yaml'))));
  const ours = [...figures].filter(name => name.startsWith('hallo_') && !/_(?:sum|count)$/.test(name));
  expect(ours.filter(name => !used.has(name))).toEqual([]);
});

const rulesSchema = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^Hallo\w+$/),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.object({ severity: z.enum(['page', 'ticket']) }),
          annotations: z.object({ summary: z.string() }),
        }),
      ),
    }),
  ),
});

test('each alert looks at figures that exist, and says above what to do', async () => {
  const text = await page('alerts.yaml');
  const [group] = rulesSchema.parse(readYaml(text)).groups;
  const rules = group?.rules ?? [];
  expect(rules.length).toBeGreaterThan(0);
  expect(unknownOf(rules.map(rule => rule.expr))).toEqual([]);
  expect(text.match(/^ {6}# .*\n {6}- alert: /gm)).toHaveLength(rules.length);
});

test('every kind of alarm stands at 0 before its first, so that its rise is seen', () => {
  for (const what of ['credits', 'key', 'gateway', 'moderation', 'storage'])
    expect(shown).toContain(`hallo_alarms_total{what="${what}"} 0`);
});

/** By the reader that comes with what writes the server's OpenAPI document. */
function readYaml(text: string): unknown {
  const require = createRequire(import.meta.resolve('@fastify/swagger'));
  const { parse } = z.object({ parse: z.function({ input: [z.string()], output: z.unknown() }) }).parse(require('yaml'));
  return parse(text);
}
