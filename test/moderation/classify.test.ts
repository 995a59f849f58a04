import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isBlocked, REASONS } from '../../src/core/reasons.ts';
import { classify } from '../../src/moderation/classify.ts';

const reason = z.enum(REASONS);
const ownTexts = z.object({
  blocked: z.array(z.object({ text: z.string(), reason })),
  notBlocked: z.array(z.object({ text: z.string(), reason })),
});
const examples = z.object({
  blocked: z.array(z.object({ text: z.string(), category: z.string() })),
  not_blocked: z.array(z.object({ text: z.string(), reason })),
});

function fixture<S extends z.ZodType>(name: string, schema: S): z.infer<S> {
  return schema.parse(JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')));
}

const own = fixture('failure-texts.json', ownTexts);
const given = fixture('failure-examples.json', examples);
const texts = [
  ...given.blocked.map(({ text, category }) => ({ text, reason: reason.parse(`blocked-${category}`) })),
  ...given.not_blocked,
  ...own.blocked,
  ...own.notBlocked,
];

describe('classify', () => {
  it('has enough texts of both kinds to mean something', () => {
    expect(own.blocked.length).toBeGreaterThan(150);
    expect(own.notBlocked.length).toBeGreaterThan(150);
    expect(new Set(texts.map(({ text }) => text)).size).toBeGreaterThan(350);
  });

  it.each(texts)('$reason: $text', ({ text, reason: expected }) => {
    expect(classify(text)).toBe(expected);
  });

  it('keeps the reason when the case changes', () => {
    for (const { text, reason: expected } of texts) {
      expect(classify(text.toUpperCase()), text).toBe(expected);
      expect(classify(text.toLowerCase()), text).toBe(expected);
    }
  });

  it('keeps the reason when request ids, punctuation, quotes or line breaks are added', () => {
    const id = fc.oneof(
      fc.uuid(),
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 16, maxLength: 40 }).map(hex => `${hex}7`),
    );
    const around = fc.constantFrom('', '.', '!', ' …', '\n', '\r\n\r\n', ' ***', '"', ' - ');
    fc.assert(
      fc.property(fc.constantFrom(...texts), id, around, around, ({ text, reason: expected }, requestId, before, after) => {
        expect(classify(`${before}${text}${after} (request id: ${requestId})`)).toBe(expected);
        expect(classify(`[${requestId}] ${text}${after}`)).toBe(expected);
        expect(classify(JSON.stringify({ status: 'FAILED', error: text, request_id: requestId }))).toBe(expected);
      }),
      { numRuns: 400 },
    );
  });

  it('keeps the reason when spaces become line breaks, and in full-width or interspersed with invisible characters', () => {
    const fullWidth = (text: string) => text.replace(/[!-~]/g, c => String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0));
    for (const { text, reason: expected } of given.blocked.map(b => ({ text: b.text, reason: `blocked-${b.category}` }))) {
      expect(classify(text.replaceAll(' ', '\n')), text).toBe(expected);
      expect(classify(fullWidth(text)), text).toBe(expected);
      expect(classify([...text].join('\u200b')), text).toBe(expected);
      expect(classify([...text].join('\u00ad')), text).toBe(expected);
    }
  });

  it('answers out of the closed list whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: 'grapheme', maxLength: 400 })),
        text => {
          expect(REASONS).toContain(classify(text));
        },
      ),
      { numRuns: 1000 },
    );
    expect(classify('')).toBe('provider');
    expect(classify('\ud800')).toBe('provider');
  });

  it('never calls random letters, or the words of the trade in any order, blocked', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'bcdfghjklmpqrvwxz0123456789 .:-_'), maxLength: 200 });
    fc.assert(
      fc.property(letters, text => !isBlocked(classify(text))),
      { numRuns: 1000 },
    );
    const trade = fc.array(
      fc.constantFrom('render', 'frame', 'latent', 'queue', 'retry', 'upstream', 'buffer', 'node', 'codec', 'stage', 'null'),
      {
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(trade, words => !isBlocked(classify(words.join(' ')))),
      { numRuns: 1000 },
    );
  });

  it('finds a block behind any look-alike, and beside any other words', () => {
    const blocked = fc.constantFrom(...given.blocked);
    const lookAlike = fc.constantFrom(
      'Header names are case-sensitive. ',
      'child process exited. ',
      'thread safety. ',
      'CORS policy. ',
      'minor version 3. ',
    );
    fc.assert(
      fc.property(blocked, lookAlike, ({ text }, other) => {
        expect(isBlocked(classify(other + text)), other + text).toBe(true);
      }),
    );
  });

  it('reads a traceback by what was raised, not by the lines of code in it', () => {
    const frames = [
      'Traceback (most recent call last):',
      '  File "/app/moderation/nsfw.py", line 3, in check',
      '    face = safety_filter(audio)',
    ];
    expect(classify([...frames, 'RuntimeError: CUDA out of memory'].join('\n'))).toBe('provider');
    expect(classify([...frames, 'IndexError: list index out of range'].join('\n'))).toBe('face');
    expect(classify([...frames, 'ValueError: Potential NSFW content was detected'].join('\n'))).toBe('blocked-sexual');
  });

  it('passes over names of files and addresses', () => {
    expect(classify("cannot identify image file 'nsfw_child.png'")).toBe('image');
    expect(classify('Failed to download https://cdn.example.com/a/celebrity.png?content_policy_violation=1')).toBe('input');
    expect(classify('could not open /tmp/nude/hate speech')).not.toBe('blocked-sexual');
  });
});

describe('texts written without a look at the rules', () => {
  const unseen = z
    .partialRecord(reason, z.array(z.string()))
    .parse(JSON.parse(readFileSync(new URL('../fixtures/failure-texts-unseen.json', import.meta.url), 'utf8')));
  const judged = REASONS.flatMap(wanted => (unseen[wanted] ?? []).map(text => ({ text, wanted, got: classify(text) })));

  it('are told apart: blocked or not', () => {
    expect(judged.length).toBeGreaterThan(950);
    expect(judged.filter(({ wanted, got }) => isBlocked(wanted) !== isBlocked(got))).toEqual([]);
  });

  it('get the very reason, but for a few that read both ways', () => {
    const other = judged.filter(({ wanted, got }) => wanted !== got);
    expect(other.length / judged.length).toBeLessThan(0.02);
  });
});

describe('support codes', () => {
  it('count only where the text speaks of support codes', () => {
    expect(classify('Support codes: 58061214')).toBe('blocked-minor');
    expect(classify('job 58061214 was lost')).toBe('provider');
    expect(classify('Internal error. Support code: 12345678')).toBe('provider');
  });

  it('of several, the gravest counts, in any order', () => {
    const gravestFirst = ['17301594', '43188360', '61493863', '57734940', '29310472', '42876398'];
    const reasons = ['blocked-minor', 'blocked-sexual', 'blocked-violence', 'blocked-hate', 'blocked-person', 'blocked-other'];
    fc.assert(
      fc.property(fc.shuffledSubarray(gravestFirst, { minLength: 1 }), codes => {
        const gravest = Math.min(...codes.map(code => gravestFirst.indexOf(code)));
        expect(classify(`Video filtered. Support codes: ${codes.join(', ')}`)).toBe(reasons[gravest]);
      }),
    );
  });
});

describe('long texts', () => {
  it('are judged by their beginning and their end', () => {
    const noise = 'frame 1 of 9 written. '.repeat(50_000);
    expect(classify(`content_policy_violation ${noise}`)).toBe('blocked-other');
    expect(classify(`${noise} Request Moderated`)).toBe('blocked-other');
    expect(classify(noise)).toBe('provider');
  });

  it('take no longer than their length warrants, however they are made', () => {
    const unit = fc.constantFrom(
      'a',
      'a ',
      '-',
      '/',
      './',
      '<p ',
      'a-a-',
      'violates ',
      'child ',
      'content ',
      'no safety ',
      'https://',
      '0',
      'safety filter ',
      'file.',
    );
    fc.assert(
      fc.property(unit, unit, (first, second) => {
        const text = (first.repeat(7) + second.repeat(3)).repeat(20_000).slice(0, 300_000);
        const startedMs = performance.now();
        classify(text);
        expect(performance.now() - startedMs).toBeLessThan(1_000);
      }),
      { numRuns: 40 },
    );
  });
});
