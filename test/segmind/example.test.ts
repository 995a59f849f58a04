import { execFile } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { type Answer, type Handler, KEY, startFake, submitted } from './fake-server.ts';

type Ended = { code: number; stdout: string; stderr: string };

/** Runs the example as a reader would, against a server on loopback. */
async function runExample(handler: Handler, args: readonly string[], env: Record<string, string> = {}) {
  const fake = await startFake(handler);
  const ended = await new Promise<Ended>(resolve => {
    const options = { env: { ...process.env, SEGMIND_API_KEY: KEY, SEGMIND_BASE_URL: fake.url, ...env } };
    execFile(process.execPath, ['examples/segmind.ts', ...args], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
  return { ...ended, fake };
}

const INPUTS = ['http://example.com/face.png', 'http://example.com/voice.wav'];
const json = (status: string, more: object = {}): Answer => ({ json: { status, request_id: 'r-7', ...more } });

/** A server that takes the submit and answers everything else with this. */
function taking(answer: Answer): Handler {
  return (request, _index, { socket }) =>
    request.method === 'POST' ? submitted(`http://127.0.0.1:${socket.localPort}`, 'r-7') : answer;
}

describe('the example', () => {
  test('prints the request id, then the output', async () => {
    const done = json('COMPLETED', { output: ['https://cdn.example/out.mp4'], metrics: { cost: '0.42' } });
    const { code, stdout, fake } = await runExample(taking(done), INPUTS);
    expect(stdout).toBe('request r-7\noutput https://cdn.example/out.mp4\ncost 0.42 US$\n');
    expect(code).toBe(0);
    expect(fake.seen[0]?.body).toMatchObject({ input_image: INPUTS[0], input_audio: INPUTS[1] });
  });

  test('still running: says how to ask again, and asking again submits nothing', async () => {
    const waiting = await runExample(taking(json('PROCESSING')), INPUTS, { WAIT_SECONDS: '0' });
    expect(waiting).toMatchObject({ code: 3, stdout: 'request r-7\n', stderr: expect.stringContaining('--again r-7') });
    const again = await runExample(taking(json('COMPLETED', { output: 'https://cdn.example/out.mp4' })), ['--again', 'r-7']);
    expect(again).toMatchObject({ code: 0, stdout: 'request r-7\noutput https://cdn.example/out.mp4\n' });
    expect(again.fake.posts()).toBe(0);
  });

  test('failed: prints the detail', async () => {
    const { code, stderr } = await runExample(taking({ ...json('FAILED', { error: 'no face found' }), status: 422 }), INPUTS);
    expect([code, stderr]).toEqual([1, 'failed, not charged: no face found\n']);
  });

  test('refused, dropped, or started wrongly: says so', async () => {
    const refused = await runExample(() => ({ status: 401, json: { error: 'bad key' } }), INPUTS);
    expect([refused.code, refused.stderr]).toEqual([1, 'refused: key (HTTP 401): bad key\n']);
    const dropped = await runExample((_request, _index, { socket }) => void socket.destroy(), INPUTS);
    expect(dropped).toMatchObject({ code: 4, stderr: expect.stringContaining('nobody knows') });
    expect(dropped.fake.posts()).toBe(1);
    const wrong = await runExample(() => undefined, []);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('usage') });
  });
});
