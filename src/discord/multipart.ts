import { randomUUID } from 'node:crypto';

/** A file that goes with a call. */
export type UploadFile = { name: string; data: Uint8Array; contentType: string };

/** A body in pieces, which are sent as they are: a `FormData` copies a video several times on its way out. */
export type Multipart = { headers: Record<string, string>; pieces: readonly Uint8Array[] };

/** JSON and files as Discord takes them together. https://docs.discord.com/developers/reference#uploading-files */
export function multipart(body: unknown, files: readonly UploadFile[]): Multipart {
  const boundary = `hallo-${randomUUID()}`;
  const head = (disposition: string, type: string) =>
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: ${type}\r\n\r\n`);
  const end = Buffer.from('\r\n');
  const pieces = [
    ...files.flatMap(({ name, data, contentType }, index) => [
      head(`name="files[${index}]"; filename="${escaped(name)}"`, contentType),
      data,
      end,
    ]),
    ...(body === undefined ? [] : [head('name="payload_json"', 'application/json'), Buffer.from(JSON.stringify(body)), end]),
    Buffer.from(`--${boundary}--\r\n`),
  ];
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': `${bytes}` },
    pieces,
  };
}

/** As the web's forms do. https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
function escaped(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
