import type { Command } from 'commander';
import { Routes } from 'discord.js';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { INVITED_PERMISSIONS } from '../discord/permissions.ts';
import { DISCORD_API_BASE } from '../discord/platform.ts';
import { createCalls } from '../discord/rest.ts';
import { DEFAULT_BASE_URL, isClientError, SegmindClient, SegmindError } from '../segmind/index.ts';
import { checkMedia, checkStorage, type Finding } from './doctor-machine.ts';
import { apiSentence } from './sentences.ts';
import { settings } from './settings.ts';

/** `hallo doctor`: checks what the bot needs, one line each. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check token, key and credits, storage and media tools, one line each; exit code 1 if any fails')
    .action(async () => {
      const config = settings();
      const checks = [
        Promise.resolve({ ok: true, line: 'settings: all can be read' }),
        checkDiscord(config),
        checkProvider(config),
        checkStorage(config),
        checkMedia(),
      ];
      const findings: Finding[] = [];
      for (const check of checks) {
        const { ok, line } = await check;
        findings.push({ ok, line });
        console.log(`${ok ? 'ok  ' : 'FAIL'}  ${line}`);
      }
      process.exitCode = findings.every(finding => finding.ok) ? 0 : 1;
    });
}

/** https://docs.discord.com/developers/resources/application: the kinds of install by number; 0 is that into a server. */
const applicationSchema = z.object({
  id: z.string(),
  name: z.string(),
  approximate_guild_count: z.number().optional(),
  integration_types_config: z.record(z.string(), z.unknown()).optional(),
});

async function checkDiscord({ discord }: Config): Promise<Finding> {
  if (discord.token === undefined) return { ok: false, line: 'Discord: DISCORD_TOKEN is not set; .env.example shows how' };
  const apiBase = discord.apiBase ?? DISCORD_API_BASE;
  const calls = createCalls({ apiBase, token: discord.token, timeoutMs: 10_000 });
  const answer = await calls.asBot({ method: 'GET', route: Routes.currentApplication() });
  calls.close();
  const application = answer.kind === 'ok' ? applicationSchema.safeParse(answer.body).data : undefined;
  if (application) return ofApplication(application);
  if (answer.kind === 'token-dead')
    return { ok: false, line: 'Discord: the token is refused; copy it anew from the developer portal (Bot → Reset Token)' };
  const { host } = new URL(apiBase);
  if (answer.kind === 'unreachable') return { ok: false, line: `Discord: ${host} cannot be reached` };
  return { ok: false, line: `Discord: ${host} gave an answer that Discord does not give (${answer.kind})` };
}

function ofApplication({
  id,
  name,
  approximate_guild_count: servers,
  integration_types_config: installs,
}: z.infer<typeof applicationSchema>): Finding {
  const whose = `Discord: the token is that of ${name}`;
  if (installs !== undefined && !('0' in installs))
    return {
      ok: false,
      line: `${whose}, which no server can install; tick Guild Install in the developer portal (Installation)`,
    };
  const where = servers === undefined ? '' : `, in ${servers} server${servers === 1 ? '' : 's'}`;
  const query = new URLSearchParams({
    client_id: id,
    scope: 'bot applications.commands',
    permissions: String(INVITED_PERMISSIONS),
  });
  const link = `https://discord.com/oauth2/authorize?${query}`;
  return { ok: true, line: `${whose}${where}; intents: GUILDS alone, not privileged; to invite it: ${link}` };
}

async function checkProvider({ provider, role }: Config): Promise<Finding> {
  const { apiKey, baseUrl, uploadUrl, estimateUsd } = provider;
  if (apiKey === undefined && baseUrl === undefined) {
    if (role === 'gateway') return { ok: true, line: 'provider: none is set; a gateway needs none, its workers do' };
    return { ok: false, line: 'provider: neither SEGMIND_API_KEY nor SEGMIND_BASE_URL (an own server) is set' };
  }
  const { origin } = new URL(baseUrl ?? DEFAULT_BASE_URL);
  const client = new SegmindClient({ apiKey: apiKey ?? null, ...(baseUrl && { baseUrl }), ...(uploadUrl && { uploadUrl }) });
  try {
    const { credits, freeCredits } = await client.accounts.credits({ retries: 0, timeoutMs: 10_000 });
    const left = credits + freeCredits;
    const enough = left >= estimateUsd;
    const renders = estimateUsd === 0 ? 'as many renders as you like' : `about ${Math.floor(left / estimateUsd)} renders`;
    const means = enough ? renders : `too little for a render of ${estimateUsd} US$`;
    return { ok: enough, line: `provider: the key works at ${origin}; ${left.toFixed(2)} US$ left, ${means}` };
  } catch (error) {
    if (!isClientError(error)) throw error;
    return { ok: false, line: `provider: ${error instanceof SegmindError ? apiSentence(error, origin) : error.message}` };
  } finally {
    await client.close();
  }
}
