import { type Logger, pino } from 'pino';
import type { LogLevel } from '../config.ts';

/** What must never stand in a log, wherever it comes from: queries of URLs hold signatures, Discord's paths hold tokens. */
const FORBIDDEN: readonly [RegExp, string][] = [
  [/(https?:\/\/[^\s"'?]+)\?[^\s"']*/g, '$1?…'],
  [/\/(webhooks|interactions)\/(\d+)\/[^/\s"'?]+/g, '/$1/$2/…'],
  [/\b(Bot|Bearer)\s+[\w.-]+/g, '$1 …'],
];

/** Takes signatures, tokens and the given secrets out of a text. */
export function createScrub(secrets: readonly (string | undefined)[]): (text: string) => string {
  const known = secrets.filter((secret): secret is string => secret !== undefined && secret.length >= 4);
  return text => {
    let clean = text;
    for (const secret of known) clean = clean.replaceAll(secret, '…');
    for (const [pattern, by] of FORBIDDEN) clean = clean.replace(pattern, by);
    return clean;
  };
}

/** JSON lines on standard output (or where `write` leads). Every line is scrubbed as a whole, last thing before it is written. */
export function createLog(
  level: LogLevel,
  scrub: (text: string) => string,
  write: (line: string) => void = line => process.stdout.write(line),
): Logger {
  return pino(
    {
      level,
      base: null,
      redact: {
        paths: ['token', 'interactionToken', 'apiKey', 'url', '*.token', '*.interactionToken', '*.apiKey', '*.url'],
        censor: '…',
      },
    },
    { write: line => write(scrub(line)) },
  );
}
