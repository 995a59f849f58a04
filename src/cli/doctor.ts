import { access, constants, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Command } from 'commander';
import { Routes } from 'discord.js';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { DISCORD_API_BASE } from '../discord/platform.ts';
import { createCalls } from '../discord/rest.ts';
import { isClientError, SegmindClient } from '../segmind/index.ts';
import { settings } from './settings.ts';

type Finding = { ok: boolean; line: string };

/** `hallo doctor`: checks what the bot needs, one line each. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check token, key and credits, storage and media tools; exit 1 if any fails')
    .action(async () => {
      const config = settings();
      const findings = [
        { ok: true, line: 'settings: all can be read' },
        await checkDiscord(config),
        await checkProvider(config),
        await checkStorage(config),
        await checkMedia(),
      ];
      for (const { ok, line } of findings) console.log(`${ok ? 'ok  ' : 'FAIL'}  ${line}`);
      process.exitCode = findings.every(finding => finding.ok) ? 0 : 1;
    });
}

const applicationSchema = z.object({ id: z.string(), name: z.string() });

async function checkDiscord({ discord }: Config): Promise<Finding> {
  if (discord.token === undefined) return { ok: false, line: 'Discord: DISCORD_TOKEN is not set; .env.example shows how' };
  const calls = createCalls({ apiBase: discord.apiBase ?? DISCORD_API_BASE, token: discord.token });
  const answer = await calls.asBot({ method: 'GET', route: Routes.currentApplication() });
  calls.close();
  const application = answer.kind === 'ok' ? applicationSchema.safeParse(answer.body).data : undefined;
  if (application)
    return { ok: true, line: `Discord: the token is that of ${application.name}; intents: GUILDS alone, not privileged` };
  const why =
    answer.kind === 'token-dead'
      ? 'the token is refused; copy it anew from the developer portal'
      : `no usable answer (${answer.kind})`;
  return { ok: false, line: `Discord: ${why}` };
}

async function checkProvider({ provider }: Config): Promise<Finding> {
  const { apiKey, baseUrl, uploadUrl } = provider;
  if (apiKey === undefined && baseUrl === undefined) {
    return { ok: false, line: 'provider: neither SEGMIND_API_KEY nor SEGMIND_BASE_URL (an own server) is set' };
  }
  const client = new SegmindClient({ apiKey: apiKey ?? null, ...(baseUrl && { baseUrl }), ...(uploadUrl && { uploadUrl }) });
  try {
    const { credits, freeCredits } = await client.accounts.credits({ retries: 0 });
    const left = credits + freeCredits;
    const enough = left >= provider.estimateUsd;
    const renders = Math.floor(left / Math.max(provider.estimateUsd, 0.001));
    return {
      ok: enough,
      line: `provider: the key works; ${left.toFixed(2)} US$ left, ${enough ? `about ${renders} renders` : 'too little for a render'}`,
    };
  } catch (error) {
    if (!isClientError(error)) throw error;
    return { ok: false, line: `provider: ${error.message}` };
  } finally {
    await client.close();
  }
}

async function checkStorage({ storage }: Config): Promise<Finding> {
  try {
    await mkdir(storage.dataDir, { recursive: true });
    await access(storage.dataDir, constants.W_OK);
    return { ok: true, line: `storage: ${storage.dataDir} can be written` };
  } catch (error) {
    return {
      ok: false,
      line: `storage: ${storage.dataDir} cannot be written (${error instanceof Error ? error.message : error})`,
    };
  }
}

async function checkMedia(): Promise<Finding> {
  const require = createRequire(import.meta.url);
  const missing: string[] = [];
  for (const name of ['sharp', 'node-av']) {
    try {
      require.resolve(name);
      if (name === 'sharp') await import('sharp');
    } catch {
      missing.push(name);
    }
  }
  if (missing.length === 0) return { ok: true, line: 'media tools: sharp and node-av are there' };
  return { ok: false, line: `media tools: ${missing.join(' and ')} cannot be loaded; run npm ci` };
}
