import { readFile } from 'node:fs/promises';
import type { Discord, RecordedRequest } from '../../sandbox/discord/index.ts';

/** What a signed URL's query is known by: Discord's links, and those of the usual stores. */
const SIGNATURE = /[?&](?:ex|hm|sig|signature|X-Amz-[A-Za-z-]+)=[^…&\s"']/i;
const TOKEN_IN_PATH = /\/(?:webhooks|interactions)\/\d+\/([^/]+)/;

/** Watches a stage for what must never get out: tokens, keys, and signed links. */
export function watchForSecrets(discord: Discord, keys: readonly string[]) {
  const requests: RecordedRequest[] = [];
  const tokens = new Set<string>();
  discord.events.on('request', request => {
    requests.push(request);
    const [, token] = TOKEN_IN_PATH.exec(request.path) ?? [];
    if (token !== undefined) tokens.add(token);
  });

  /** What is secret in a text: by name, never by its value. */
  function secretsIn(text: string): string[] {
    return [
      ...(text.includes(discord.token) ? ["the bot's token"] : []),
      ...(keys.some(key => text.includes(key)) ? ["the provider's key"] : []),
      ...([...tokens].some(token => text.includes(token)) ? ["an interaction's token"] : []),
      ...(SIGNATURE.test(text) ? ['a signed link'] : []),
    ];
  }

  return {
    /** A sentence for each line of output, and each text sent to Discord, that holds a secret. */
    async found(printed: readonly string[], recordPath: string): Promise<string[]> {
      const shown = requests.map(({ json }) => JSON.stringify(json));
      // The record is of what Discord answered, too: its links are signed by Discord, and its paths are those that were asked.
      const record = (await readFile(recordPath, 'utf8')).split('\n');
      const inRecord = record.flatMap(line => secretsIn(line).filter(what => /bot|provider/.test(what)));
      return [
        ...printed.flatMap(line => secretsIn(line).map(what => `${what} was printed: ${line.slice(0, 200)}`)),
        ...shown.flatMap(text => secretsIn(text).map(what => `${what} was shown: ${text.slice(0, 200)}`)),
        ...inRecord.map(what => `${what} was recorded`),
      ];
    },
    /** How much there was to look at. */
    seen: () => ({ requests: requests.length, tokens: tokens.size }),
  };
}
