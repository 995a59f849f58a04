import { expect } from 'vitest';
import { z } from 'zod';
import type { Discord, InteractionHandle } from '../../sandbox/discord/index.ts';
import { files, halloCommand } from './support.ts';

const errorSchema = z.looseObject({ code: z.number(), message: z.string() });

/** Requests as any client could send them, without discord.js. */
export function rawClient(discord: Discord) {
  async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const isForm = body instanceof FormData;
    const type: Record<string, string> = body === undefined || isForm ? {} : { 'content-type': 'application/json' };
    const payload = body === undefined ? {} : { body: isForm ? body : typeof body === 'string' ? body : JSON.stringify(body) };
    const authorization = { authorization: `Bot ${discord.token}` };
    return fetch(`${discord.apiBase}/v10${path}`, { method, headers: { ...authorization, ...type, ...headers }, ...payload });
  }

  /** Expects a refusal and returns it. */
  async function refused(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await send(method, path, body, headers);
    expect(response.ok).toBe(false);
    const json = errorSchema.parse(await response.json());
    return { status: response.status, code: json.code, errors: json.errors, message: json.message };
  }

  async function json(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const response = await send(method, path, body);
    expect(response.status).toBeLessThan(300);
    return z.record(z.string(), z.unknown()).parse(response.status === 204 ? {} : await response.json());
  }

  const callback = (handle: Pick<InteractionHandle, 'id' | 'token'>) => `/interactions/${handle.id}/${handle.token}/callback`;
  const original = (handle: Pick<InteractionHandle, 'token'>) =>
    `/webhooks/${discord.applicationId}/${handle.token}/messages/@original`;

  /** A `/hallo` of ada's in general, answered with a deferral. */
  async function deferred(flags = 0) {
    const handle = await used();
    await json('POST', callback(handle), { type: 5, data: { flags } });
    return handle;
  }

  async function used() {
    const { guild, general, ada } = discord.places;
    if (discord.commands.list().length === 0) await register();
    return discord.members.command({ guildId: guild.id, channelId: general.id, memberId: ada.id, name: 'hallo', options: files });
  }

  async function register() {
    const response = await send('PUT', `/applications/${discord.applicationId}/commands`, [halloCommand]);
    expect(response.status).toBe(200);
  }

  return { send, refused, json, callback, original, deferred, used, register };
}

/** A multipart body: payload_json and files[n] of the given sizes. */
export function form(json: unknown, ...uploads: { name: string; bytes: Uint8Array<ArrayBuffer>; type?: string }[]): FormData {
  const data = new FormData();
  data.append('payload_json', JSON.stringify(json));
  for (const [index, { name, bytes, type }] of uploads.entries()) {
    data.append(`files[${index}]`, new Blob([bytes], type === undefined ? {} : { type }), name);
  }
  return data;
}
