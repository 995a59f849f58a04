import { expect, test } from 'vitest';
import { createLiveMessages } from '../../../src/discord/announcer/live-messages.ts';
import type { Answer } from '../../../src/discord/rest.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { aRender } from '../support.ts';

const MINUTE_MS = 60_000;
const OK: Answer = { kind: 'ok', body: {} };

/** Edits that are sent, in order; each waits for its answer while `held`. */
function setUp(answers: Answer[] = []) {
  const clock = createManualClock();
  const sent: { atMs: number; content: string; rung: string }[] = [];
  const held: (() => void)[] = [];
  let hold = false;
  const live = createLiveMessages({
    clock,
    async send(_render, rung, { content }) {
      sent.push({ atMs: clock.now(), content, rung });
      if (hold) await new Promise<void>(resolve => held.push(resolve));
      return answers.shift() ?? OK;
    },
  });
  const startMs = clock.now();
  return {
    ...{ clock, live, sent },
    holdAnswers: () => {
      hold = true;
    },
    release: async () => {
      hold = false;
      for (const resolve of held.splice(0)) resolve();
      await clock.advance(0);
    },
    show: (content: string, change = {}) => live.show(aRender(change), () => ({ content, components: [] })),
    contents: () => sent.map(edit => edit.content),
    times: () => sent.map(edit => edit.atMs - startMs),
  };
}

test('the first view is shown at once, the next no sooner than 3 s later, and of many only the newest', async () => {
  const { show, clock, contents, times } = setUp();
  show('a');
  for (const content of ['b', 'c', 'd']) {
    await clock.advance(500);
    show(content);
  }
  await clock.advance(10_000);
  expect(contents()).toEqual(['a', 'd']);
  expect(times()).toEqual([0, 3_000]);
});

test('a view that equals the one that stands is not sent again', async () => {
  const { show, clock, contents } = setUp();
  show('a');
  await clock.advance(5_000);
  show('a');
  await clock.advance(1_000);
  show('b');
  show('a');
  await clock.advance(60_000);
  expect(contents()).toEqual(['a', 'b', 'a']);
});

test('what became the standing view again before its time came is dropped', async () => {
  const { show, clock, contents } = setUp();
  show('a');
  await clock.advance(1_000);
  show('b');
  show('a');
  await clock.advance(60_000);
  expect(contents()).toEqual(['a']);
});

test('only one edit is in flight, and the next waits for it', async () => {
  const { show, clock, contents, holdAnswers, release } = setUp();
  holdAnswers();
  show('a');
  await clock.advance(5_000);
  show('b');
  await clock.advance(5_000);
  expect(contents()).toEqual(['a']);
  await release();
  expect(contents()).toEqual(['a', 'b']);
});

test('stop waits for the edit in flight, and nothing follows it', async () => {
  const { show, clock, live, contents, holdAnswers, release } = setUp();
  holdAnswers();
  show('a');
  show('b');
  let stopped = false;
  const stopping = live.stop('r1').then(() => {
    stopped = true;
  });
  await clock.advance(1_000);
  expect(stopped).toBe(false);
  await release();
  await stopping;
  show('late');
  await clock.advance(60_000);
  expect(contents()).toEqual(['a']);
});

test('after 14 minutes a public message is edited with the bot token, at most once a minute', async () => {
  const { show, clock, sent, times } = setUp();
  await clock.advance(14 * MINUTE_MS);
  show('a');
  await clock.advance(5_000);
  show('b');
  await clock.advance(2 * MINUTE_MS);
  expect(sent.map(edit => edit.rung)).toEqual(['message', 'message']);
  expect(times()).toEqual([14 * MINUTE_MS, 15 * MINUTE_MS]);
});

test('after 14 minutes a private message is edited no more', async () => {
  const { show, clock, sent } = setUp();
  show('a', { private: true });
  await clock.advance(14 * MINUTE_MS);
  show('b', { private: true });
  await clock.advance(60 * MINUTE_MS);
  expect(sent).toHaveLength(1);
});

test('a token that is dead before its time leads to the bot token', async () => {
  const { show, clock, sent } = setUp([{ kind: 'token-dead' }]);
  show('a');
  await clock.advance(2 * MINUTE_MS);
  expect(sent.map(edit => [edit.rung, edit.content])).toEqual([
    ['interaction', 'a'],
    ['message', 'a'],
  ]);
});

test('a message that is gone, or too old to be edited so often, is edited no more', async () => {
  for (const kind of ['gone', 'too-old'] as const) {
    const { show, clock, contents } = setUp([{ kind }]);
    show('a');
    await clock.advance(10_000);
    show('b');
    await clock.advance(10_000);
    expect(contents()).toEqual(['a']);
  }
});

test('an edit that did not reach Discord is sent again with the next step, though it shows the same', async () => {
  const { show, clock, contents } = setUp([{ kind: 'unreachable', retryAfterMs: null }]);
  show('a');
  await clock.advance(5_000);
  show('a');
  await clock.advance(5_000);
  expect(contents()).toEqual(['a', 'a']);
});

test('each message is paced by itself', async () => {
  const { show, clock, contents } = setUp();
  show('a', { id: 'r1' });
  show('b', { id: 'r2' });
  await clock.advance(0);
  expect(contents()).toEqual(['a', 'b']);
});

test('after close nothing is shown any more', async () => {
  const { show, live, clock, contents } = setUp();
  show('a');
  show('b');
  await live.close();
  await clock.advance(60_000);
  expect(contents()).toEqual(['a']);
});

test('close waits two seconds at most for an edit that hangs', async () => {
  const { show, live, clock, holdAnswers, release } = setUp();
  holdAnswers();
  show('a');
  let closed = false;
  const closing = live.close().then(() => {
    closed = true;
  });
  await clock.advance(1_999);
  expect(closed).toBe(false);
  await clock.advance(1);
  await closing;
  await release();
});

test('few edits are in flight at once over all messages; the others wait with their newest view, and outcomes wait for none of them', async () => {
  const { live, show, holdAnswers, release, contents } = setUp();
  holdAnswers();
  for (let index = 0; index < 30; index++) show(`old ${index}`, { id: `render-${index}` });
  expect(contents()).toHaveLength(10);
  show('new', { id: 'render-20' });
  await live.stop('render-21');
  await release();
  expect(contents()).toHaveLength(29);
  expect(contents()).toContain('new');
  expect(contents()).not.toContain('old 20');
  expect(contents()).not.toContain('old 21');
});
