import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multipart } from '../../src/discord/multipart.ts';

/** As a server reads it. */
async function read(body: unknown, files: Parameters<typeof multipart>[1]) {
  const { headers, pieces } = multipart(body, files);
  const bytes = Buffer.concat(pieces);
  expect(headers['content-length']).toBe(`${bytes.length}`);
  return new Response(bytes, { headers }).formData();
}

describe('JSON and files of a call', () => {
  it('come out as they went in, whatever is in them', async () => {
    const name = fc.string({ unit: 'binary', minLength: 1 }).filter(text => !/[\r\n"]|%(22|0A|0D)/.test(text));
    const file = fc.record({ name, data: fc.uint8Array(), contentType: fc.constantFrom('video/mp4', 'image/png') });
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.array(file, { maxLength: 3 }), async (json, files) => {
        const form = await read(JSON.parse(json), files);
        expect([...form.keys()]).toEqual([...files.map((_, index) => `files[${index}]`), 'payload_json']);
        expect(form.get('payload_json')).toBe(JSON.stringify(JSON.parse(json)));
        for (const [index, { data, contentType, name: given }] of files.entries()) {
          const got = form.get(`files[${index}]`);
          if (!(got instanceof File)) throw new Error('no file');
          expect([got.name, got.type]).toEqual([given, contentType]);
          expect(new Uint8Array(await got.arrayBuffer())).toEqual(data);
        }
      }),
    );
  });

  it('hold no more than that, whatever a name says', async () => {
    const form = await read({}, [{ name: 'a"\r\n\r\nx\r\n--b', data: new Uint8Array(1), contentType: 'video/mp4' }]);
    expect([...form.keys()]).toEqual(['files[0]', 'payload_json']);
  });
});
