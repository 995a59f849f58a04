import { z } from 'zod';
import { flag, guildIds, list, number, oneOf, secret, text, url, usd, whole } from './config/kinds.ts';
import { boundsOf, defaultPolicyOf, POLICY_SETTINGS } from './config/policy.ts';
import type { Ceilings } from './core/limits.ts';
import type { Bounds, Policy } from './core/policy.ts';

/** The settings, from the environment: read once, every wrong key reported at once, no value of a secret in any message. */
export type Config = {
  readonly discord: { readonly token: string | undefined; readonly apiBase: string | undefined; readonly shards: Shards };
  /** what this process does of the bot's work; more than one process needs Postgres */
  readonly role: Role;
  readonly provider: {
    readonly apiKey: string | undefined;
    readonly baseUrl: string | undefined;
    readonly uploadUrl: string | undefined;
    readonly requestsPerMinute: number;
    readonly outputHosts: readonly string[];
    readonly estimateUsd: number;
    /** how long a render takes, before any was seen */
    readonly expectedRenderSeconds: number;
    /** how long a render is left alone after it was asked about, at least */
    readonly pollFloorSeconds: number;
  };
  /** keys that `hallo serve` accepts; none: open, on loopback only */
  readonly server: { readonly apiKeys: readonly string[] };
  readonly storage: { readonly databaseUrl: string | undefined; readonly dataDir: string; readonly connections: number };
  readonly allowPrivateAddresses: boolean;
  readonly logLevel: LogLevel;
  readonly operator: { readonly host: string; readonly port: number };
  readonly ceilings: Ceilings;
  readonly allowedGuilds: readonly string[] | undefined;
  readonly defaultPolicy: Policy;
  /** what guilds may choose from */
  readonly policyBounds: Bounds;
  readonly keep: { readonly inputsHours: number; readonly videosDays: number; readonly recordsDays: number };
};

/** `gateway` talks with Discord and takes orders, `worker` performs them, `all` does both. */
export const ROLES = ['all', 'gateway', 'worker'] as const;
export type Role = (typeof ROLES)[number];

/** The connections to Discord's gateway: as many as it recommends, or some out of so many. */
export type Shards = 'auto' | { readonly ids: readonly number[]; readonly count: number };

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const shards = z
  .string()
  .trim()
  .transform((value, context): Shards => {
    if (value === 'auto') return value;
    const [first = -1, last = -1, count = -1] = /^(\d{1,5})-(\d{1,5})\/(\d{1,5})$/.exec(value)?.slice(1).map(Number) ?? [];
    if (first >= 0 && first <= last && last < count)
      return { ids: Array.from({ length: last - first + 1 }, (_, at) => first + at), count };
    context.addIssue('must be auto, or such as 0-3/8: the shards 0 to 3 of 8');
    return z.NEVER;
  });

/** Every setting that the program knows, by its key in the environment. `.env.example` documents the same list. */
export const SETTINGS = z.object({
  DISCORD_TOKEN: secret.optional(),
  DISCORD_API_BASE: url.optional(),
  SEGMIND_API_KEY: secret.optional(),
  SEGMIND_BASE_URL: url.optional(),
  SEGMIND_UPLOAD_URL: url.optional(),
  DATABASE_URL: secret.regex(/^postgres(ql)?:\/\/./, 'must be postgres://user:password@host/database').optional(),
  HALLO_ROLE: oneOf(ROLES, `must be one of ${ROLES.join(', ')}`).default('all'),
  HALLO_SHARDS: shards.default('auto'),
  HALLO_DATABASE_CONNECTIONS: whole(2, 1_000).default(10),
  HALLO_API_KEYS: list.default([]),
  HALLO_DATA_DIR: text.default('./data'),
  HALLO_REQUESTS_PER_MINUTE: whole(1, 1_000_000).default(60),
  HALLO_OUTPUT_HOSTS: list.default(['*.segmind.com', '*.amazonaws.com', '*.cloudfront.net', 'storage.googleapis.com']),
  HALLO_ALLOW_PRIVATE_ADDRESSES: flag.default(false),
  HALLO_LOG_LEVEL: oneOf(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  HALLO_OPERATOR_HOST: text.default('127.0.0.1'),
  HALLO_OPERATOR_PORT: whole(0, 65_535).default(9_464),
  HALLO_EXPECTED_RENDER_SECONDS: number(1, 3_600, 'a number of seconds').default(300),
  HALLO_POLL_FLOOR_SECONDS: number(0.1, 60, 'a number of seconds').default(2),
  HALLO_COST_ESTIMATE_USD: usd.default(0.42),
  HALLO_MAX_USD_PER_DAY: usd.optional(),
  HALLO_MAX_USD_PER_MONTH: usd.optional(),
  HALLO_MAX_AT_ONCE: whole(1, 100_000).default(20),
  HALLO_MAX_WAITING: whole(1, 1_000_000).default(10_000),
  HALLO_ALLOWED_GUILDS: guildIds.optional(),
  ...POLICY_SETTINGS.shape,
  HALLO_KEEP_INPUTS_HOURS: number(1, 24 * 30, 'a number of hours').default(24),
  HALLO_KEEP_VIDEOS_DAYS: number(1, 365, 'a number of days').default(7),
  HALLO_KEEP_RECORDS_DAYS: number(32, 3_650, 'a number of days').default(90),
});

export type ConfigAnswer = { ok: true; config: Config } | { ok: false; problems: readonly string[] };

/** Reads the settings. An empty value counts as not set, as in a copied `.env.example`. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ConfigAnswer {
  const given = Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== '');
  const known = new Set(Object.keys(SETTINGS.shape));
  const strange = given.map(([key]) => key).filter(key => key.startsWith('HALLO_') && !known.has(key));
  const parsed = SETTINGS.safeParse(Object.fromEntries(given));
  const problems = [
    ...strange.map(key => `${key}: there is no such setting`),
    ...(parsed.success ? [] : parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`)),
  ];
  return parsed.success && problems.length === 0 ? { ok: true, config: configOf(parsed.data) } : { ok: false, problems };
}

function configOf(env: z.infer<typeof SETTINGS>): Config {
  return frozen({
    discord: { token: env.DISCORD_TOKEN, apiBase: env.DISCORD_API_BASE, shards: env.HALLO_SHARDS },
    role: env.HALLO_ROLE,
    provider: {
      apiKey: env.SEGMIND_API_KEY,
      baseUrl: env.SEGMIND_BASE_URL,
      uploadUrl: env.SEGMIND_UPLOAD_URL,
      requestsPerMinute: env.HALLO_REQUESTS_PER_MINUTE,
      outputHosts: env.HALLO_OUTPUT_HOSTS,
      estimateUsd: env.HALLO_COST_ESTIMATE_USD,
      expectedRenderSeconds: env.HALLO_EXPECTED_RENDER_SECONDS,
      pollFloorSeconds: env.HALLO_POLL_FLOOR_SECONDS,
    },
    server: { apiKeys: env.HALLO_API_KEYS },
    storage: { databaseUrl: env.DATABASE_URL, dataDir: env.HALLO_DATA_DIR, connections: env.HALLO_DATABASE_CONNECTIONS },
    allowPrivateAddresses: env.HALLO_ALLOW_PRIVATE_ADDRESSES,
    logLevel: env.HALLO_LOG_LEVEL,
    operator: { host: env.HALLO_OPERATOR_HOST, port: env.HALLO_OPERATOR_PORT },
    ceilings: {
      usdPerDay: env.HALLO_MAX_USD_PER_DAY ?? Number.POSITIVE_INFINITY,
      usdPerMonth: env.HALLO_MAX_USD_PER_MONTH ?? Number.POSITIVE_INFINITY,
      atOnce: env.HALLO_MAX_AT_ONCE,
      waiting: env.HALLO_MAX_WAITING,
    },
    allowedGuilds: env.HALLO_ALLOWED_GUILDS,
    defaultPolicy: defaultPolicyOf(env),
    policyBounds: boundsOf(env),
    keep: {
      inputsHours: env.HALLO_KEEP_INPUTS_HOURS,
      videosDays: env.HALLO_KEEP_VIDEOS_DAYS,
      recordsDays: env.HALLO_KEEP_RECORDS_DAYS,
    },
  });
}

/** The same object, with all that it holds, made unchangeable. */
function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) frozen(part);
  return Object.freeze(value);
}
