import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Discord, startDiscord } from '../../../sandbox/discord/index.ts';
import { addPage } from '../../../sandbox/page/index.ts';

let discord: Discord;
beforeAll(async () => {
  discord = await startDiscord();
  // Nothing listens there.
  addPage({ discord, providerUrl: 'http://127.0.0.1:1' });
});
afterAll(() => discord.close());

/** Any headers, and a path that nobody tidies. */
function ask(method: string, path: string, headers: Record<string, string> = {}): Promise<{ status: number; policy: string }> {
  const { port } = new URL(discord.url);
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, response => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, policy: String(response.headers['content-security-policy']) });
    });
    sent.on('error', reject).end();
  });
}

test('the page lets nothing in but its own files', async () => {
  const { status, policy } = await ask('GET', '/');
  expect(status).toBe(200);
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
});

test('only files of the page are served', async () => {
  expect((await ask('GET', '/page/browser/app.ts')).status).toBe(200);
  for (const path of ['/page/browser/../handler.ts', '/page/handler.ts', '/page/browser/%2e%2e/index.ts', '/page/modules/fs.js'])
    expect((await ask('GET', path)).status).toBe(404);
});

test("another site's page can neither act nor order, and another host's name is refused", async () => {
  for (const path of ['/page/act', '/page/order']) {
    expect((await ask('POST', path, { origin: 'https://example.org' })).status).toBe(403);
    expect((await ask('POST', path)).status).toBe(403);
  }
  expect((await ask('GET', '/', { host: 'example.org' })).status).toBe(403);
});

test('what can not be ordered is told in words', async () => {
  const order = async (it: string) => {
    const body = JSON.stringify({ switch: it, values: {} });
    const { origin } = new URL(discord.url);
    const headers = { origin, 'content-type': 'application/json' };
    return (await fetch(`${origin}/page/order`, { method: 'POST', headers, body })).json();
  };
  expect(await order('never')).toEqual({ ok: false, problem: 'the provider is away' });
  expect(await order('bot-kill')).toEqual({ ok: false, problem: 'there is no bot' });
  expect(await order('delete-message')).toMatchObject({ ok: false });
  expect(await order('clock-15')).toEqual({ ok: true });
});
