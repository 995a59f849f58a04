import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  creditsSchema,
  jsonOf,
  readJobBody,
  readMetrics,
  readRequestId,
  submittedSchema,
  uploadedSchema,
} from '../../src/segmind/answers.ts';

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
});
const wild = fc.oneof(fc.jsonValue(), anything, fc.string(), fc.double());
const body = fc.oneof(
  wild,
  fc.record(
    {
      ...{
        status: wild,
        request_id: wild,
        metrics: fc.oneof(wild, fc.record({ cost: wild, total_time: wild, remaining_credits: wild })),
      },
      ...{ status_url: wild, response_url: wild, file_urls: wild, urls: wild, credits: wild, 'free-credits': wild },
    },
    { requiredKeys: [] },
  ),
);

test('metrics are finite numbers or unknown, whatever stands there', () => {
  fc.assert(
    fc.property(fc.oneof(body, fc.record({ cost: wild, total_time: wild })), value => {
      for (const number of Object.values(readMetrics(value))) expect(number === null || Number.isFinite(number)).toBe(true);
    }),
  );
});

test('a state is told by a text alone, and is unknown where nobody listed it', () => {
  fc.assert(
    fc.property(body, value => {
      const read = readJobBody(value);
      if (read === null) return;
      expect(['queued', 'processing', 'completed', 'failed', 'unknown']).toContain(read.state);
      expect(read.rawState.length).toBeLessThanOrEqual(200);
      expect(read.requestId === null || read.requestId.length > 0).toBe(true);
    }),
  );
});

test('ids, addresses and sums are of their type, or there is none', () => {
  fc.assert(
    fc.property(body, value => {
      const id = readRequestId(value);
      expect(id === null || (id.length > 0 && id.length <= 200)).toBe(true);
      for (const url of [submittedSchema.safeParse(value).data?.status_url, uploadedSchema.safeParse(value).data]) {
        expect(url === undefined || /^https?:/i.test(url)).toBe(true);
      }
      const credits = creditsSchema.safeParse(value).data;
      expect(credits === undefined || Number.isFinite(credits.credits + credits.freeCredits)).toBe(true);
    }),
  );
});

test('bytes are JSON or nothing', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), bytes => void jsonOf({ body: Buffer.from(bytes) })));
  fc.assert(
    fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), value => {
      const text = JSON.stringify(value);
      expect(JSON.stringify(jsonOf({ body: Buffer.from(`\ufeff ${text}`) }))).toBe(text);
    }),
  );
});
