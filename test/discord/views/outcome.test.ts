import fc from 'fast-check';
import { expect, test } from 'vitest';
import { problemOf } from '../../../src/core/guards/held-back.ts';
import { DETAIL_AUDIENCES } from '../../../src/core/policy.ts';
import { isBlocked, REASONS } from '../../../src/core/reasons.ts';
import { LANGUAGES } from '../../../src/discord/texts/languages.ts';
import { detailText, failureView, USUAL_RULES, videoView } from '../../../src/discord/views/outcome.ts';
import { bar, progressView } from '../../../src/discord/views/progress.ts';
import { aJob, aRender, labelsOf, texts } from '../support.ts';

const outcomes = fc.record({
  kind: fc.constant('failed' as const),
  reason: fc.constantFrom(...REASONS),
  detail: fc.option(fc.string({ maxLength: 3_000 })),
  problem: fc.constant(null),
  charged: fc.constantFrom('no' as const, 'maybe' as const, 'yes' as const),
});

test('every failure says what it cost, and fits into a message', () => {
  fc.assert(
    fc.property(outcomes, fc.constantFrom('public' as const, 'private' as const), (outcome, audience) => {
      const { content } = failureView(aRender(), outcome, { audience, rules: USUAL_RULES }, texts);
      expect(content).toContain('charged.');
      expect(content.length).toBeLessThanOrEqual(2_000);
      expect(content.includes('{{')).toBe(false);
    }),
  );
});

test('by default the raw detail is public for no blocked reason, and shown to nobody where it is about the key or a broken connection', () => {
  for (const reason of REASONS) {
    const outcome = { kind: 'failed', reason, detail: 'raw words', problem: null, charged: 'no' } as const;
    const shown = (audience: 'public' | 'private') =>
      failureView(aRender(), outcome, { audience, rules: USUAL_RULES }, texts).content.includes('raw words');
    const isTheOperators = reason === 'key' || reason === 'submit-unknown';
    expect(shown('public'), reason).toBe(!isBlocked(reason) && !isTheOperators);
    expect(shown('private'), reason).toBe(!isTheOperators);
  }
});

test('a guild decides who is shown details, of blocks and of other failures apart; moderators always are', () => {
  const seenBy = {
    everyone: ['public', 'private', 'moderators'],
    requester: ['private', 'moderators'],
    moderators: ['moderators'],
  };
  for (const detailsTo of DETAIL_AUDIENCES) {
    for (const blockedDetailsTo of DETAIL_AUDIENCES) {
      for (const reason of ['blocked-hate', 'provider'] as const) {
        const outcome = { kind: 'failed', reason, detail: '**raw** @words', problem: null, charged: 'no' } as const;
        const rules = { detailsTo, blockedDetailsTo };
        const seen = (['public', 'private', 'moderators'] as const).filter(
          audience => detailText(outcome, audience, rules) === 'raw words',
        );
        expect(seen).toEqual(seenBy[reason === 'provider' ? detailsTo : blockedDetailsTo]);
        const offersDetails = labelsOf(failureView(aRender(), outcome, { audience: 'public', rules }, texts)).includes('Details');
        expect(offersDetails).toBe(!seen.includes('public'));
      }
    }
  }
});

test('trying again is offered only where the same inputs may lead to another result', () => {
  const offered = REASONS.filter(reason => {
    const outcome = { kind: 'failed', reason, detail: null, problem: null, charged: 'no' } as const;
    return labelsOf(failureView(aRender(), outcome, { audience: 'public', rules: USUAL_RULES }, texts)).includes('Try again');
  });
  expect(offered.filter(isBlocked)).toEqual([]);
  expect(offered).toEqual(expect.arrayContaining(['provider', 'timeout', 'busy', 'submit-unknown', 'expired']));
  expect(offered).not.toContain('face');
});

test('who was suspended while the render waited is told until when and why; others are not told of it', () => {
  const problem = problemOf({ kind: 'suspended', untilMs: 60_000, why: 'spam' });
  const outcome = { kind: 'failed', reason: 'suspended', detail: null, problem, charged: 'no' } as const;
  const told = (audience: 'private' | 'public') =>
    failureView(aRender({ outcome }), outcome, { audience, rules: USUAL_RULES }, texts).content;
  expect(told('private')).toBe(
    '**No video this time.** A moderator has suspended you from `/hallo` on this server. It ends <t:60:R>.\nThe reason given: spam\nNothing was charged.',
  );
  expect(told('public')).toBe(
    '**No video this time.** The rules of this server do not allow this.\nIts moderators can tell you more. Nothing was charged.',
  );
});

test('a video that was there already says so in every language, leads there, and names the button for a new one', () => {
  const from = { renderId: 'r0', channelId: '7', messageId: '8', submittedAtMs: 60_000, tookMs: 200_000 };
  for (const locale of Object.keys(LANGUAGES)) {
    const outcome = { kind: 'video', free: true } as const;
    const render = aRender({ locale, outcome, answeredFrom: from, outputUrl: 'https://x/v.mp4' });
    const view = videoView(render, 'file', texts);
    const line = view.content.split('\n')[1] ?? '';
    expect(line).toContain(`[<t:60:R>](https://discord.com/channels/${render.guildId}/7/8)`);
    expect(line).toContain(labelsOf(view)[0]);
    expect(view.content).toContain(texts.say(locale, 'duration.both', { minutes: 3, seconds: 20 }));
    expect(videoView(render, 'link', texts).content).toContain(`<t:${60 + 7 * 24 * 3_600}:f>`);
    expect(videoView({ ...render, answeredFrom: { ...from, messageId: null } }, 'file', texts).content).toContain('<t:60:R>');
  }
});

test('a video whose file and link are both gone says so', () => {
  const render = aRender({ outcome: { kind: 'video' }, job: aJob() });
  expect(videoView(render, 'lost', texts).content).toContain('can no longer be reached');
  expect(videoView(render, 'lost', texts).content).not.toContain('http');
});

test('the bar has ten steps and is full only at the end', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fraction => {
      expect(bar(fraction)).toHaveLength(10);
      expect(bar(fraction) === '▰'.repeat(10)).toBe(fraction === 1);
    }),
  );
  expect(bar(0.1 + 0.2)).toBe('▰▰▰▱▱▱▱▱▱▱');
});

test('equal states give equal views, whatever the time', () => {
  const render = aRender({ phase: 'rendering' });
  const progress = { kind: 'rendering', startedAtMs: 1_000, expectedEndMs: 9_000, fraction: 0.31, late: false } as const;
  expect(progressView(render, { ...progress, fraction: 0.39 }, texts)).toEqual(progressView(render, progress, texts));
  expect(progressView(render, { ...progress, fraction: 0.41 }, texts)).not.toEqual(progressView(render, progress, texts));
});

test('after Cancel there is nothing left to cancel', () => {
  const render = aRender({ phase: 'rendering', cancelledAtMs: 1 });
  const view = progressView(render, { kind: 'cancelled', charged: 'yes' }, texts);
  expect(view.content).toContain('charged all the same');
  expect(view.components).toEqual([]);
});
