import { jsonOf, uploadedSchema } from './answers.ts';
import type { Caller } from './caller.ts';
import { SegmindError } from './errors.ts';
import type { CallOptions } from './job.ts';
import { badAnswer, refusal } from './refusal.ts';

export type Files = {
  /** Uploads a file and resolves to its public URL. Costs nothing, so it is repeated after passing errors. Throws SegmindError. */
  upload(bytes: Uint8Array, mimeType: string, options?: CallOptions): Promise<string>;
};

export function createFiles(caller: Caller, uploadUrl: URL): Files {
  return {
    async upload(bytes, mimeType, options = {}) {
      if (!/^[\w.+-]+\/[\w.+-]+$/.test(mimeType) || bytes.length === 0) {
        throw new SegmindError({ kind: 'invalid', detail: 'an upload needs bytes, and a type such as image/png' });
      }
      const encoded = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
      const json = { data_urls: [`data:${mimeType};base64,${encoded}`] };
      return caller.ask({ method: 'POST', url: uploadUrl, json, ...options }, (answer, context) => {
        if (answer.status < 200 || answer.status >= 300) return refusal(answer, context);
        const parsed = uploadedSchema.safeParse(jsonOf(answer));
        return parsed.success ? parsed.data : badAnswer(answer.status, 'the answer to the upload has no URL', context);
      });
    },
  };
}
