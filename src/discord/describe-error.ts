/** Tokens in paths, and anything that looks like a bot's token or a signature. */
const SECRETS = [
  /(\/(?:webhooks|interactions)\/\d+\/)[^\s/?"']+/g,
  /(Bot |Bearer )\S+/g,
  /([?&](?:hm|sig|signature|X-Amz-[A-Za-z-]+)=)[^&\s"']+/g,
];

/** An unexpected error as facts for a log: name, message and place, without any token. */
export function describeError(error: unknown, secrets: readonly string[] = []): { error: string; message: string; at: string } {
  if (!(error instanceof Error)) return { error: typeof error, message: '', at: '' };
  const at = error.stack?.split('\n').find(line => line.trimStart().startsWith('at ')) ?? '';
  return { error: error.name, message: withoutSecrets(error.message, secrets), at: withoutSecrets(at.trim(), secrets) };
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text.slice(0, 1_000);
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '[token]');
  for (const pattern of SECRETS) clean = clean.replace(pattern, '$1[hidden]');
  return clean;
}
