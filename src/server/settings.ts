import { availableParallelism } from 'node:os';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { Engine } from './engines/engine.ts';

const mebibyte = 1024 * 1024;
const positiveInt = z.number().int().positive();
const usd = z.number().min(0);

function isEngine(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'render' in value && typeof value.render === 'function' && 'name' in value
  );
}

const limits = z.object({
  /** Most bytes of one portrait. */
  imageBytes: positiveInt.default(20 * mebibyte),
  /** Most bytes of one voice. */
  audioBytes: positiveInt.default(50 * mebibyte),
  /** Longest time for the download of one input. */
  downloadTimeoutMs: positiveInt.default(60_000),
});

const serverSettingsFields = z.object({
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 = any free port. */
  port: z.number().int().min(0).max(65_535).default(0),
  /** Holds the SQLite file, uploaded assets and finished videos; one server at a time. */
  dataDir: z.string().min(1),
  /** Origin that clients reach the server by, when it is not what their Host header says (behind a proxy). */
  publicUrl: z
    .httpUrl()
    .or(z.url({ protocol: /^https?$/ }))
    .optional(),
  /** Accepted values of `x-api-key`. Empty = open to everybody, which only a loopback host may be. */
  apiKeys: z.array(z.string().min(1)).readonly().default([]),
  /** Calls a minute for each key (polls count); the hosted API's plans allow 5 to 1,000. */
  requestsPerMinute: positiveInt.default(1_000),
  /** Renders at once; the others are queued in order. */
  concurrency: positiveInt.default(Math.max(1, Math.floor(availableParallelism() / 2))),
  /** How long a request can be asked for, counted from its submission (the hosted API: 1 h). */
  retentionMs: positiveInt.default(3_600_000),
  /** How long a finished video or an uploaded asset can be fetched (the hosted API: 7 days). */
  fileRetentionMs: positiveInt.default(7 * 24 * 3_600_000),
  /** How often expired requests and files are swept away. */
  sweepIntervalMs: positiveInt.default(60_000),
  /** Inputs may come from loopback and private networks. */
  allowPrivateAddresses: z.boolean().default(false),
  limits: limits.default(() => limits.parse({})),
  /** Price of a completed render (the hosted API's average: 0.42 US$). Nothing else is billed. */
  costUsd: usd.default(0.42),
  /** Credits in US$ that bills are taken from; a submit without enough of them is refused. */
  creditsUsd: usd.default(1_000_000),
  engine: z.custom<Engine>(isEngine, 'must be an engine'),
  /** Serve /admin/requests. Loopback only. */
  admin: z.boolean().default(false),
  /** Serve /admin/faults, by which faults are ordered. Loopback only. */
  faults: z.boolean().default(false),
});

/** What a caller gives; `dataDir` and `engine` have no default. */
export type ServerSettingsInput = z.input<typeof serverSettingsFields>;
/** Checked settings with every default filled in. */
export type ServerSettings = z.output<typeof serverSettingsFields>;

/** True for the names and addresses that only this machine can reach. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (bare === 'localhost') return true;
  return ipaddr.isValid(bare) && ipaddr.process(bare).range() === 'loopback';
}

const serverSettings = serverSettingsFields.superRefine((settings, context) => {
  if (isLoopbackHost(settings.host)) return;
  const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  if (settings.apiKeys.length === 0)
    refuse('apiKeys', `at least one is needed, because the host ${settings.host} is not loopback`);
  if (settings.admin) refuse('admin', `only a loopback host may serve it, not ${settings.host}`);
  if (settings.faults) refuse('faults', `only a loopback host may serve them, not ${settings.host}`);
});

export type SettingsResult = { ok: true; settings: ServerSettings } | { ok: false; problems: readonly string[] };

/** Checks settings and fills in the defaults; every problem is named at once, and none repeats a key. */
export function readServerSettings(input: ServerSettingsInput): SettingsResult {
  const parsed = serverSettings.safeParse(input);
  if (parsed.success) return { ok: true, settings: parsed.data };
  return { ok: false, problems: parsed.error.issues.map(issue => `${issue.path.join('.') || 'settings'}: ${issue.message}`) };
}
