/** What a member sees when something goes wrong on the way, and what was ordered and billed meanwhile. */
import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { OptionValue, SandboxMessage } from '../../sandbox/discord/index.ts';
import type { FaultOrderInput } from '../../src/server/faults/fault.ts';
import { fixtureVideo, startOrigin } from '../server/harness.ts';
import { wavOf, writeVideo } from '../support/make-media.ts';
import { type House, openHouse, voiceOf } from './house.ts';
import { type Sight, sightOf } from './sight.ts';

/** The video that the provider's engine makes. */
const film = { path: fixtureVideo };
const engine = {
  name: 'film',
  async render({ outputPath }: { outputPath: string }) {
    await copyFile(film.path, outputPath);
    return { ok: true as const };
  },
};

let house: House;
/** Ada's first video, whose "Try again" begins further renders with the same files. */
let first: SandboxMessage;

beforeAll(async () => {
  house = await openHouse({
    engine,
    settings: { HALLO_DEFAULT_LONGEST_VOICE_SECONDS: '5' },
    timeouts: { callTimeoutMs: 1_200 },
  });
  first = await house.ending(await house.hallo());
});
afterAll(() => house.close());
afterEach(async () => {
  film.path = fixtureVideo;
  await house.clearFaults();
  // What was taken though its answer was lost runs on, and would be counted with the next.
  const ended = async () => (await house.record()).requests.every(({ state }) => state === 'COMPLETED' || state === 'FAILED');
  await house.until(ended, { hurry: false });
});

const NO_VIDEO = '**No video this time.** ';
const FREE = 'Nothing was charged.';
const PERHAPS = 'It may have been charged.';
const PAID = 'It was charged.';
const BOTH = ['Try again', 'Delete'];

/** A render with the kept files of the first one, to its end. */
async function tryAgain(...faults: FaultOrderInput[]) {
  return tryAgainSeeing(undefined, ...faults);
}

/** The same; from the first POST on the clock runs no faster than time until the message has said `words`: no later state overtakes them. */
async function tryAgainSeeing(words: string | undefined, ...faults: FaultOrderInput[]) {
  await house.order(...faults);
  const before = { sent: house.wire.count('submit'), ...(await house.record()) };
  const handle = await house.press(first, 'Try again');
  if (words !== undefined) {
    const said = () => handle.original()?.content.startsWith(words);
    await house.until(() => house.wire.count('submit') > before.sent, { what: 'a POST' });
    await house.until(said, { what: words, hurry: false });
  }
  const end = await house.ending(handle);
  const after = await house.record();
  return {
    ...{ handle, end, sight: sightOf(end) },
    /** POSTs that reached the provider, those of them that it took, and what it bills. */
    sent: house.wire.count('submit') - before.sent,
    taken: after.requests.length - before.requests.length,
    billedUsd: Math.round((after.billedUsd - before.billedUsd) * 100) / 100,
    sentInAll: house.wire.count('submit'),
  };
}

const videoOf = (sight: Sight) => ({ ...sight, lines: sight.lines.map(line => line.replace(/took .*$/, 'took …')) });
const aVideo = (): Sight => ({
  lines: [
    `<@${house.discord.places.ada.id}>'s portrait speaks.`,
    '-# AI-generated · pose 1.4 · face 1 · lips 1.2 · expand 1.2 · took …',
  ],
  buttons: ['Try again', 'Again with…', 'Delete', 'Report'],
  private: false,
  files: [expect.stringMatching(/^hallo-ai-generated-[0-9a-f]+\.mp4$/)],
});

/** Renders are admitted again once the provider takes work again. */
async function untilOpen(): Promise<void> {
  house.advance(60_000);
  await house.order({ fault: 'failed' });
  const handle = await house.until(async () => {
    const pressed = await house.press(first, 'Try again');
    return (await pressed.acknowledged).kind === 'deferred' && pressed;
  });
  await house.ending(handle);
}

test('a video is in the edited message, with who asked, "AI-generated", weights and time; then one short mention', async () => {
  expect(videoOf(sightOf(first))).toEqual(aVideo());
  const [video] = first.attachments;
  expect(video).toMatchObject({ contentType: 'video/mp4', description: expect.stringContaining('AI-generated') });
  const { general, ada } = house.discord.places;
  const mention = await house.until(() => house.discord.messages.inChannel(general.id).find(each => each.pings.includes(ada.id)));
  expect(mention.content).toBe(`<@${ada.id}> your video is ready.`);
  expect(mention.reference?.messageId).toBe(first.id);
});

type ErrorOrder = Extract<FaultOrderInput, { fault: 'error' }>;
const error = (status: ErrorOrder['status'], more: Partial<ErrorOrder> = {}): FaultOrderInput => ({
  ...{ fault: 'error', call: 'submit', status },
  ...more,
});

type Words = {
  says: string;
  detail?: string;
  next: string;
  charged: string;
  buttons: readonly string[];
  /** told to the member alone, the public message deleted */
  private?: boolean;
};
const linesOf = ({ says, detail, next, charged }: Words) => [
  NO_VIDEO + says,
  ...(detail === undefined ? [] : [`The service says: ${detail}`]),
  `${next} ${charged}`,
];
const seen = (words: Words): Sight => ({
  ...{ lines: linesOf(words), buttons: [...words.buttons], private: words.private === true, files: [] },
});

const INPUTS: Words = {
  says: 'The portrait or the voice could not be used.',
  next: 'Please look at both files and use `/hallo` again.',
  charged: FREE,
  buttons: [],
  private: true,
};
const SERVICE: Words = {
  says: 'The video service could not make the video.',
  next: 'Trying again often helps.',
  charged: FREE,
  buttons: BOTH,
};
const KEY: Words = {
  says: 'The video service does not let this bot in at the moment.',
  next: 'The operator of this bot has been told. Please try later.',
  charged: FREE,
  buttons: BOTH,
};
const CREDITS: Words = { ...KEY, says: 'The video service takes no orders at the moment.' };
const UNKNOWN: Words = {
  says: 'The connection broke just as your video was ordered, and nobody can tell whether the order arrived.',
  next: 'It is not ordered a second time by itself. Whether to try again is up to you.',
  charged: PERHAPS,
  buttons: BOTH,
};
const PERSON: Words = {
  says: 'The safety filter of the video service took the portrait for a real or well-known person and declined.',
  next: 'Another portrait, such as a drawing or a character of your own, will do.',
  charged: FREE,
  buttons: ['Details', 'Delete'],
};
const SEXUAL: Words = {
  says: 'The safety filter of the video service took the portrait or the voice for sexual content and declined.',
  next: 'Please use another portrait or another clip.',
  charged: FREE,
  buttons: ['Details', 'Delete'],
};
const VIOLENCE: Words = {
  ...SEXUAL,
  says: 'The safety filter of the video service took the portrait or the voice for violent or dangerous content and declined.',
};
const FACE: Words = {
  says: 'No face could be found in the portrait.',
  next: 'One face, seen from the front and well lit, works best.',
  charged: FREE,
  buttons: ['Delete'],
};

describe('the answer to the submit: what a member sees', () => {
  type Row = { order: FaultOrderInput; words: Words; taken?: number };
  const rows: Record<string, Row> = {
    400: { order: error(400), words: { ...INPUTS, detail: 'Bad request' } },
    401: { order: error(401), words: KEY },
    402: { order: error(402), words: { ...CREDITS, detail: 'Insufficient credits' } },
    403: { order: error(403), words: KEY },
    404: { order: error(404, { text: 'Model not found' }), words: { ...SERVICE, detail: 'Model not found' } },
    '405 in HTML': { order: error(405, { body: 'html' }), words: { ...SERVICE, detail: '405 Method Not Allowed' } },
    '406 about credits': {
      order: error(406, { text: 'Spend limit reached' }),
      words: { ...CREDITS, detail: 'Spend limit reached' },
    },
    '406 otherwise': { order: error(406), words: { ...INPUTS, detail: 'Parameter value was refused' } },
    410: { order: error(410), words: { ...SERVICE, detail: 'This model has been retired' } },
    422: { order: error(422), words: { ...INPUTS, detail: 'The request failed' } },
    '500 in its own JSON': { order: error(500), words: { ...SERVICE, detail: 'Internal server error' } },
    '500 in its own JSON, from the safety filter': {
      order: error(500, { text: 'Blocked: the image contains violence' }),
      words: VIOLENCE,
    },
    '500 in HTML': { order: error(500, { body: 'html' }), words: UNKNOWN },
    502: { order: error(502), words: UNKNOWN },
    '503 in HTML': { order: error(503, { body: 'html' }), words: UNKNOWN },
    504: { order: error(504, { body: 'html' }), words: UNKNOWN },
    'no answer in time': {
      order: { fault: 'latency', call: 'submit', when: 'after', delayMs: 60_000 },
      words: UNKNOWN,
      taken: 1,
    },
    'connection dropped before it was taken': { order: { fault: 'drop', call: 'submit' }, words: UNKNOWN },
    'connection dropped after it was taken': {
      order: { fault: 'drop', call: 'submit', when: 'after' },
      words: UNKNOWN,
      taken: 1,
    },
    '200 that breaks off': { order: { fault: 'malformed', call: 'submit' }, words: UNKNOWN, taken: 1 },
    '200 without end': { order: { fault: 'gigantic', call: 'submit', bytes: 4_000_000 }, words: UNKNOWN, taken: 1 },
    '200 without a request id': { order: { fault: 'incomplete-submit' }, words: UNKNOWN, taken: 1 },
    '200 with a URL of somebody else': { order: { fault: 'foreign-status-url' }, words: UNKNOWN, taken: 1 },
  };

  test.each(named(rows))('%s', async (_name, { order, words, taken = 0 }) => {
    const told = await tryAgain(order);
    expect(told.sight).toEqual(seen(words));
    expect(told.handle.original() === undefined).toBe(words.private === true);
    expect(told).toMatchObject({ sent: 1, taken });
    if (words === KEY || words.says === CREDITS.says) await untilOpen();
  });

  test('FAILED at once: "The safety filter … declined. … Nothing was charged."', async () => {
    house.wire.change('submit', body => ({
      request_id: body.request_id,
      status: 'FAILED',
      error: 'Celebrity likeness detected',
    }));
    expect((await tryAgain()).sight).toEqual(seen(PERSON));
  });

  test.each([
    ['429 with a reset', error(429, { resetInMs: 5_000 }), 2],
    // The first wait may be over before the message can be edited again; the third is not.
    ['503 in its own JSON, three times', error(503, { times: 3 }), 4],
  ])(
    '%s: "The video service is busy. Your video keeps its place …", sent again after that, then the video',
    async (_name, order, sent) => {
      const busy = 'The video service is busy. Your video keeps its place and is tried again shortly.';
      const told = await tryAgainSeeing(busy, order);
      expect(videoOf(told.sight)).toEqual(aVideo());
      expect(told).toMatchObject({ sent, taken: 1 });
      const states = house.discord.messages.history(told.end.id).map(({ message }) => message.content.split('\n')[0]);
      expect(states).toContain(busy);
    },
  );

  test('"Try again" after an order that may have arrived is a second order, by the member alone', async () => {
    const lost = await tryAgain({ fault: 'drop', call: 'submit', when: 'after' });
    house.advance(30 * 60_000);
    expect(house.wire.count('submit')).toBe(lost.sentInAll);
    const again = await house.ending(await house.press(lost.end, 'Try again'));
    expect(videoOf(sightOf(again))).toEqual(aVideo());
    expect(house.wire.count('submit')).toBe(lost.sentInAll + 1);
  });
});

describe('the upload of the files: what a member sees', () => {
  test.each(
    named({
      'an upload that fails once and again': {
        order: { fault: 'error', call: 'upload', status: 500, times: 20 } as const,
        words: { ...SERVICE, detail: 'Internal server error' },
      },
      'an upload with a bad key': { order: { fault: 'error', call: 'upload', status: 401 } as const, words: KEY },
    }),
  )('%s', async (_name, { order, words }) => {
    const told = await tryAgain(order);
    expect(told.sight).toEqual(seen(words));
    expect(told).toMatchObject({ sent: 0, taken: 0 });
    if (words === KEY) await untilOpen();
  });
});

describe('a render that FAILED: what a member sees', () => {
  const hostile =
    '@everyone <@123> **Look** at [this](https://evil.example/?k=1) or discord.gg/abcdef ||now|| (request id: 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed)';
  const rows: Record<string, { text: string; words: Words }> = {
    'an unknown text': { text: 'Internal Polling Error', words: { ...SERVICE, detail: 'Internal Polling Error' } },
    'no text': { text: '', words: SERVICE },
    'no face': {
      text: 'cannot do a non-empty take from an empty axes.',
      words: { ...FACE, detail: 'cannot do a non-empty take from an empty axes.' },
    },
    'a support code': { text: 'Sensitive words. Support codes: 29310472', words: PERSON },
    'a blocked text': { text: 'Violent content detected: gore (score 0.98)', words: VIOLENCE },
    'mentions, markdown, links and ids': {
      text: hostile,
      words: { ...SERVICE, detail: 'everyone 123 Look at (this)(… or … now (request id …' },
    },
  };

  test.each(named(rows, 422))('%s', async (_name, { text, words }) => {
    const told = await tryAgain({ fault: 'failed', text });
    expect(told.sight).toEqual(seen(words));
    expect(told.end.pings).toEqual([]);
    expect(told).toMatchObject({ sent: 1, taken: 1, billedUsd: 0 });
  });
  test.each(named(rows, 200))('%s', async (_name, { text, words }) => {
    const told = await tryAgain({ fault: 'failed', text, http: 200 });
    expect(told.sight).toEqual(seen(words));
  });

  test('the raw text of a block is shown to nobody in public; in a private message its member alone reads it, cleaned', async () => {
    await house.order({ fault: 'failed', text: 'NSFW content detected: **nudity**' });
    const end = await house.ending(await house.hallo({ options: { private: true } }));
    expect(sightOf(end)).toEqual({ ...seen({ ...SEXUAL, detail: 'NSFW content detected: nudity' }), buttons: [], private: true });
    const { general, ben } = house.discord.places;
    const publicly = house.discord.messages.inChannel(general.id, { as: ben.id });
    expect(publicly.filter(each => /nudity|gore|score/i.test(each.content))).toEqual([]);
  });
});

describe('trouble while a render is watched: its true end is seen all the same', () => {
  const poll = (status: ErrorOrder['status'], more: Partial<ErrorOrder> = {}) => error(status, { call: 'status', ...more });
  const rows: Record<string, FaultOrderInput[]> = {
    'a state that nobody knows': [{ fault: 'unknown-state', times: 3 }],
    'a 404 that does not stand': [{ fault: 'lost', times: 2 }],
    'an answer that breaks off': [{ fault: 'malformed', call: 'status' }],
    'an answer without end': [{ fault: 'gigantic', call: 'status', bytes: 4_000_000 }],
    'a dropped connection': [{ fault: 'drop', call: 'status', times: 2 }],
    'no answer in time': [{ fault: 'latency', call: 'status', delayMs: 60_000 }],
    'an answer drop by drop': [{ fault: 'drip', call: 'status', chunkBytes: 4, intervalMs: 200 }],
    '401, 402, 403': [poll(401), poll(402), poll(403)],
    '429 with a reset': [poll(429, { resetInMs: 4_000, resetFormat: 'epoch-s' })],
    '500, 502, 503, 504': [poll(500), poll(502, { body: 'html' }), poll(503), poll(504, { body: 'empty' })],
  };
  test.each(Object.entries(rows))('%s', async (_name, faults) => {
    const told = await tryAgain({ fault: 'failed', text: 'The true end' }, ...faults);
    expect(told.sight).toEqual(seen({ ...SERVICE, detail: 'The true end' }));
    expect(told).toMatchObject({ sent: 1, taken: 1, billedUsd: 0 });
    if (JSON.stringify(faults).includes('401')) await untilOpen();
  });
});

describe('trouble on the way to a video that is made: it comes all the same', () => {
  const rows: Record<string, FaultOrderInput[]> = {
    'a result that can not be read': [
      { fault: 'malformed', call: 'result' },
      { fault: 'gigantic', call: 'result', bytes: 66 * 1024 * 1024 },
      { fault: 'drop', call: 'result' },
      { fault: 'unknown-state', call: 'result', state: 'PROCESSING' },
    ],
    'no output, null, a number at first': [
      { fault: 'output-shape', shape: 'missing' },
      { fault: 'output-shape', shape: 'null' },
      { fault: 'output-shape', shape: 'number' },
    ],
    'the output in a list': [{ fault: 'output-shape', shape: 'array' }],
    'the output as {url}': [{ fault: 'output-shape', shape: 'object-url' }],
    'the output as {video_url}': [{ fault: 'output-shape', shape: 'object-video-url' }],
    'the output as a top-level video': [{ fault: 'output-shape', shape: 'top-level-video' }],
    'a file drop by drop': [{ fault: 'drip', call: 'file', chunkBytes: 512, intervalMs: 5 }],
    'a file that can not be fetched at first': [
      error(500, { call: 'file' }),
      { fault: 'drop', call: 'file' },
      error(404, { call: 'file' }),
    ],
  };
  test.each(Object.entries(rows))('%s', async (_name, faults) => {
    const told = await tryAgain(...faults);
    expect(videoOf(told.sight)).toEqual(aVideo());
    expect(told).toMatchObject({ sent: 1, taken: 1, billedUsd: 0.42 });
  });
});

describe('a render whose video never comes: what a member sees', () => {
  const GONE: Words = {
    says: 'The order, or its files, expired before the video got here.',
    next: 'Please try again.',
    charged: PERHAPS,
    buttons: BOTH,
  };

  test(`a 404 that stands: "${GONE.says} ${PERHAPS}"`, async () => {
    const told = await tryAgain({ fault: 'lost', times: 100 });
    expect(told.sight).toEqual(seen(GONE));
    expect(told).toMatchObject({ sent: 1, taken: 1 });
  });

  test(`no end within the hour: "The video service did not finish within an hour. ${PERHAPS}"`, async () => {
    const told = await afterAnHour({ fault: 'never-finishes' });
    expect(told).toEqual(
      seen({
        says: 'The video service did not finish within an hour.',
        next: 'Please try again; a shorter clip is quicker.',
        charged: PERHAPS,
        buttons: BOTH,
      }),
    );
  });

  test(`completed for an hour without an output: "${GONE.says} ${PERHAPS}"`, async () => {
    expect(await afterAnHour({ fault: 'output-shape', shape: 'missing', times: 1_000 })).toEqual(seen(GONE));
  });

  test(`an output that is no video: "${SERVICE.says} ${PAID}"`, async () => {
    const told = await tryAgain({ fault: 'not-a-video' });
    expect(told.sight).toEqual(seen({ ...SERVICE, charged: PAID }));
    expect(told.billedUsd).toBe(0.42);
  });

  test.each([
    ['on a foreign host without a name', 'https://93.184.216.34/clip.mp4'],
    ['on a private address', 'http://10.0.0.7/clip.mp4'],
    ['with a name and password', 'http://me:secret@127.0.0.1/clip.mp4'],
  ])(`an output %s is not fetched: "${SERVICE.says} ${PAID}"`, async (_name, output) => {
    house.wire.change('result', body => ({ ...body, output }));
    const { sight } = await tryAgain();
    expect(sight).toEqual(seen({ ...SERVICE, charged: PAID }));
    expect(JSON.stringify(sight)).not.toMatch(/93\.184|10\.0|secret/);
  });

  test('an output on a host that is not on the list is not fetched, but linked: it is paid', async () => {
    house.wire.change('result', body => ({ ...body, output: 'https://videos.example/clip.mp4' }));
    const { sight } = await tryAgain();
    expect(sight.files).toEqual([]);
    expect(JSON.stringify(sight.lines)).toContain('https://videos.example/clip.mp4');
  });

  test('an output whose host leads on to a foreign one is not fetched there', async () => {
    const origin = await startOrigin((_request, reply) => {
      reply.writeHead(302, { location: 'https://videos.example/clip.mp4' }).end();
    });
    house.wire.change('result', body => ({ ...body, output: `${origin}/clip.mp4` }));
    expect((await tryAgain()).sight).toEqual(seen({ ...SERVICE, charged: PAID }));
  });
});

describe('a video over the upload limit', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hallo-film-'));
    await writeVideo(join(directory, 'noise.mp4'), { seconds: 1, width: 192, height: 192 });
  });
  afterAll(() => rm(directory, { recursive: true }));
  afterEach(() => house.discord.world.setAttachmentSizeLimit(house.discord.places.guild.id, 20 * 1024 * 1024));

  test('is made smaller, and attached', async () => {
    film.path = join(directory, 'noise.mp4');
    const limitBytes = Math.floor((await stat(film.path)).size * 0.6);
    house.discord.world.setAttachmentSizeLimit(house.discord.places.guild.id, limitBytes);
    const { end, sight } = await tryAgain();
    expect(videoOf(sight)).toEqual(aVideo());
    expect(end.attachments[0]?.sizeBytes).toBeLessThanOrEqual(limitBytes);
    expect(end.attachments[0]?.sizeBytes).toBeGreaterThan(1_000);
  });

  test('that can not be made that small: "The video could not be attached here. Until <date> it is here: <link>"', async () => {
    house.discord.world.setAttachmentSizeLimit(house.discord.places.guild.id, 500);
    const { sight } = await tryAgain();
    expect(sight.files).toEqual([]);
    expect(sight.lines[0]).toContain('portrait speaks');
    const [, until = '', url = ''] =
      /^The video could not be attached here\. Until <t:(\d+):f> it is here: (http\S+)$/.exec(sight.lines[1] ?? '') ?? [];
    expect(Number(until) * 1000 - house.clock.now()).toBeGreaterThan(6.9 * 24 * 3_600_000);
    expect((await fetch(url)).headers.get('content-type')).toBe('video/mp4');
    expect(sight.buttons).toEqual(['Try again', 'Again with…', 'Delete', 'Report']);
  });
});

describe('files that can not be used: what the member alone sees, and nothing is ordered', () => {
  const file = (name: string, bytes: Uint8Array, contentType?: string): OptionValue => ({
    file: { name, bytes, ...(contentType === undefined ? {} : { contentType }) },
  });
  const text = Buffer.from('Dear diary, this is no picture and no sound at all. '.repeat(20));
  const square = (side: number) =>
    sharp({ create: { width: side, height: side, channels: 3, background: '#777' } })
      .png()
      .toBuffer();
  const TYPES_IMAGE = 'A jpeg, png, webp, avif or gif will do.';
  const TYPES_AUDIO = 'A wav, mp3, ogg, opus, m4a, flac or webm will do.';

  type Row = { options: () => Promise<Record<string, OptionValue>>; says: string };
  const rows: Row[] = [
    {
      options: async () => ({ image: file('face.png', text) }),
      says: `The portrait is not an image that can be read. ${TYPES_IMAGE}`,
    },
    {
      options: async () => ({ image: file('face.png', wavOf(new Float32Array(8_000), 8_000)) }),
      says: `The portrait is a file of type audio/wav. ${TYPES_IMAGE}`,
    },
    {
      options: async () => ({ image: file('face.png', new Uint8Array()) }),
      says: 'The portrait is an empty file. Please give an image.',
    },
    {
      options: async () => ({ image: file('face.txt', text, 'text/plain') }),
      says: `The portrait is a file of type text/plain. ${TYPES_IMAGE}`,
    },
    {
      options: async () => ({ image: file('face.png', await square(64)) }),
      says: 'The portrait has 64×64 pixels. Each side needs at least 128.',
    },
    {
      options: async () => ({ image: file('face.png', (await square(256)).subarray(0, 300)) }),
      says: 'The portrait is damaged and can not be read. Please save it again, or give another image.',
    },
    {
      options: async () => ({ audio: file('voice.wav', text) }),
      says: `The voice clip is not a sound file that can be read. ${TYPES_AUDIO}`,
    },
    {
      options: async () => ({ audio: file('voice.wav', new Uint8Array()) }),
      says: 'The voice clip is an empty file. Please give a sound file.',
    },
    {
      options: async () => ({ audio: file('voice.wav', wavOf(new Float32Array(8_000), 8_000)) }),
      says: 'The voice clip is silent. Please give a clip with speech.',
    },
    {
      options: async () => ({ audio: file('voice.wav', voiceOf(0.1)) }),
      says: 'The voice clip lasts 0.1 s. It needs at least 0.3 s.',
    },
    { options: async () => ({ audio: file('voice.wav', voiceOf(7)) }), says: 'The voice clip lasts 7 s. Up to 5 s will do.' },
    {
      options: async () => ({ audio: { file: { name: 'voice.wav', bytes: voiceOf(1), durationSecs: 95.26 } } }),
      says: 'The voice clip lasts 95.3 s. Up to 5 s will do.',
    },
  ];

  test.each(rows.map(row => [row.says, row] as const))('"%s Nothing was charged."', async (says, { options }) => {
    const before = { sent: house.wire.count('submit'), taken: (await house.record()).requests.length };
    const { general, ben } = house.discord.places;
    const publicly = () => house.discord.messages.inChannel(general.id, { as: ben.id }).length;
    const stood = publicly();
    const end = await house.ending(await house.hallo({ options: await options() }));
    expect(sightOf(end)).toEqual({ lines: [NO_VIDEO + says, FREE], buttons: [], private: true, files: [] });
    expect(publicly()).toBe(stood);
    expect({ sent: house.wire.count('submit'), taken: (await house.record()).requests.length }).toEqual(before);
  });

  test('"I am missing a permission in this channel: Attach Files. …": seen before anything is fetched or ordered', async () => {
    const { world, places } = house.discord;
    world.setAppPermissions(places.general.id, ['ViewChannel', 'SendMessages']);
    const handle = await house.hallo();
    world.setAppPermissions(places.general.id, null);
    expect(await handle.acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
    expect(handle.original()?.content).toBe(
      'I am missing a permission in this channel: Attach Files. A moderator can grant it; or use `/hallo` with `private: True`.\nNothing was charged.',
    );
  });
});

/** Rows by name, with the words that a member reads in the test's name. */
function named<T extends { words: Words }>(rows: Record<string, T>, http?: number): [string, T][] {
  const under = http === undefined ? '' : ` under HTTP ${http}`;
  return Object.entries(rows).map(([name, row]) => [`${name}${under}: "${row.words.says} ${row.words.charged}"`, row]);
}

/** A render watched over the provider's hour, and what its message says then. */
async function afterAnHour(fault: FaultOrderInput): Promise<Sight> {
  await house.order(fault);
  const handle = await house.press(first, 'Try again');
  const isWatched = () => handle.original()?.content.startsWith('Rendering');
  const asked = house.wire.count('result');
  await house.until(() => isWatched() && (fault.fault === 'never-finishes' || house.wire.count('result') > asked));
  house.advance(58.5 * 60_000);
  await house.until(() => house.clock.now() - handle.createdAt > 59.5 * 60_000);
  expect(isWatched()).toBe(true);
  return sightOf(await house.ending(handle));
}
