import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConfig, SETTINGS } from '../src/config.ts';

const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
/** The file as a reader has it who takes the # off every setting. */
const uncommented = example.replaceAll(/^# (?=[A-Z][A-Z_]*=)/gm, '');
const keys = Object.keys(SETTINGS.shape);

function configOf(environment: Readonly<Record<string, string | undefined>>) {
  const answer = readConfig(environment);
  if (!answer.ok) throw new Error(answer.problems.join('\n'));
  return answer.config;
}

function problemsOf(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const answer = readConfig(environment);
  return answer.ok ? [] : answer.problems;
}

describe('.env.example', () => {
  it('lists every setting, once, and no other', () => {
    const listed = [...example.matchAll(/^(?:# )?([A-Z][A-Z_]*)=/gm)].map(match => match[1]);
    expect(listed.toSorted()).toEqual(keys.toSorted());
  });

  it('can be copied as it is', () => {
    expect(configOf(parseEnv(example))).toEqual(configOf({}));
  });

  it('states the true defaults', () => {
    expect(Object.keys(parseEnv(uncommented)).toSorted()).toEqual(keys.toSorted());
    expect(configOf(parseEnv(uncommented))).toEqual(configOf({}));
  });

  it('holds no secret, no quotes and nothing behind a value, so that Docker reads it alike', () => {
    for (const [key, value] of Object.entries(parseEnv(example))) expect({ key, value }).toEqual({ key, value: '' });
    for (const line of uncommented.split('\n').filter(each => /^[A-Z]/.test(each))) expect(line).toMatch(/^[A-Z_]+=[^\s"'#]*$/);
  });
});

describe('readConfig', () => {
  it('starts from an empty environment with the documented defaults', () => {
    const config = configOf({});
    expect(config.storage).toEqual({ databaseUrl: undefined, dataDir: './data', connections: 10 });
    expect(config.operator).toEqual({ host: '127.0.0.1', port: 9_464 });
    expect(config.keep).toEqual({ inputsHours: 24, videosDays: 7, recordsDays: 90 });
    expect(config.defaultPolicy).toMatchObject({ atOnce: 2, perHour: 20 });
    expect(config.provider.estimateUsd).toBe(0.42);
    expect(config.allowPrivateAddresses).toBe(false);
    expect(config.allowedGuilds).toBeUndefined();
  });

  it('reads values, with blanks around them, and takes an empty one as not set', () => {
    const config = configOf({
      DISCORD_TOKEN: ' abc ',
      SEGMIND_API_KEY: '',
      HALLO_DATA_DIR: '   ',
      HALLO_REQUESTS_PER_MINUTE: ' 5 ',
      HALLO_LOG_LEVEL: ' debug ',
      HALLO_ALLOW_PRIVATE_ADDRESSES: ' true ',
      HALLO_ALLOWED_GUILDS: '123456789012345678, 234567890123456789,',
      HALLO_API_KEYS: 'first-key, second-key',
      HALLO_MAX_USD_PER_DAY: '2.5',
    });
    expect(config.discord.token).toBe('abc');
    expect(config.provider.apiKey).toBeUndefined();
    expect(config.storage.dataDir).toBe('./data');
    expect(config.provider.requestsPerMinute).toBe(5);
    expect(config.logLevel).toBe('debug');
    expect(config.allowPrivateAddresses).toBe(true);
    expect(config.allowedGuilds).toEqual(['123456789012345678', '234567890123456789']);
    expect(config.server.apiKeys).toEqual(['first-key', 'second-key']);
    expect(config.ceilings).toMatchObject({ usdPerDay: 2.5, usdPerMonth: Number.POSITIVE_INFINITY });
  });

  it('reports every wrong key at once, each in one line that says what would be right', () => {
    const problems = problemsOf({
      SEGMIND_BASE_URL: 'ftp://example.com',
      DISCORD_API_BASE: 'discord',
      HALLO_OPERATOR_PORT: '70000',
      HALLO_MAX_AT_ONCE: 'many',
      HALLO_DEFAULT_PER_HOUR: '1.5',
      HALLO_COST_ESTIMATE_USD: '-1',
      HALLO_LOG_LEVEL: 'loud',
      HALLO_DEFAULT_PING: 'maybe',
      HALLO_KEEP_RECORDS_DAYS: '7',
      HALLO_ALLOWED_GUILDS: '123456789012345678, my server',
      SEGMIND_API_KEY: 'SG_1 # the key',
    });
    expect(problems.toSorted()).toEqual([
      'DISCORD_API_BASE: must be an http or https URL, without credentials and query',
      'HALLO_ALLOWED_GUILDS: must be ids of Discord servers: 17 to 20 digits each',
      'HALLO_COST_ESTIMATE_USD: must be an amount in US$ from 0 to 1000000',
      'HALLO_DEFAULT_PER_HOUR: must be a whole number from 0 to 1000000',
      'HALLO_DEFAULT_PING: must be 1 or 0',
      'HALLO_KEEP_RECORDS_DAYS: must be a number of days from 32 to 3650',
      'HALLO_LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent',
      'HALLO_MAX_AT_ONCE: must be a whole number from 1 to 100000',
      'HALLO_OPERATOR_PORT: must be a whole number from 0 to 65535',
      'SEGMIND_API_KEY: has characters that no token or key has',
      'SEGMIND_BASE_URL: must be an http or https URL, without credentials and query',
    ]);
  });

  it('names unknown keys of its own, and leaves those of others alone', () => {
    expect(problemsOf({ HALLO_MAX_ATONCE: '3', PATH: '/bin', NODE_ENV: 'production' })).toEqual([
      'HALLO_MAX_ATONCE: there is no such setting',
    ]);
  });

  it('shows no value in what it reports', () => {
    const secret = 'hunter2-hunter2';
    const problems = problemsOf(Object.fromEntries([...keys, 'HALLO_STRANGE'].map(key => [key, secret])));
    expect(problems.length).toBeGreaterThan(20);
    expect(problems.join('\n')).not.toContain(secret);
  });

  it('answers with settings that nobody can change afterwards', () => {
    const config = configOf({});
    expect(Object.isFrozen(config)).toBe(true);
    for (const value of Object.values(config)) expect(Object.isFrozen(value)).toBe(true);
  });

  it('gives settings within their bounds or names keys, whatever stands in the environment, and keeps its values to itself', () => {
    const value = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.integer().map(String),
      fc.webUrl(),
      fc.constantFrom('1', 'off', '0x1'),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 4 }), environment => {
        const answer = readConfig(environment);
        if (!answer.ok) {
          expect(answer.problems.length).toBeGreaterThan(0);
          for (const problem of answer.problems) expect(problem).toMatch(/^[A-Z_]+: [ -~]+$/);
          const secret = environment.SEGMIND_API_KEY ?? '';
          if (secret.length > 8) expect(answer.problems.join('\n')).not.toContain(secret);
          return;
        }
        const { provider, operator, ceilings, defaultPolicy, keep } = answer.config;
        const numbers = [provider.requestsPerMinute, provider.estimateUsd, provider.expectedRenderSeconds, operator.port];
        for (const number of [...numbers, ...Object.values(keep), defaultPolicy.longestVoiceSeconds]) {
          expect(Number.isFinite(number) && number >= 0).toBe(true);
        }
        expect(Object.values(ceilings).every(number => number >= 0)).toBe(true);
        expect(provider.baseUrl === undefined || /^https?:/i.test(provider.baseUrl)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

describe('HALLO_SHARDS', () => {
  const shardsOf = (value: string) => {
    const read = readConfig({ HALLO_SHARDS: value });
    return read.ok ? read.config.discord.shards : read.problems;
  };

  it('is auto, or a range out of so many', () => {
    expect(shardsOf('auto')).toBe('auto');
    expect(shardsOf('0-2/8')).toEqual({ ids: [0, 1, 2], count: 8 });
    expect(shardsOf('7-7/8')).toEqual({ ids: [7], count: 8 });
  });

  it.each(['3', '2-1/8', '0-8/8', '-1-2/4', 'all'])('refuses %s, and says what would be right', value => {
    expect(shardsOf(value)).toEqual(['HALLO_SHARDS: must be auto, or such as 0-3/8: the shards 0 to 3 of 8']);
  });
});
