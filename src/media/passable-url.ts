/** A render may wait its turn for most of a day before the provider fetches its inputs. */
const MUST_LIVE_MS = 21 * 60 * 60_000;

/** Dots and special characters in a file name break the model's caches and its ffmpeg call. */
const SAFE_NAME = /^[A-Za-z0-9_-]+\.[A-Za-z0-9]+$/;

/**
 * The attachment's own URL where the provider can work with it as it is: a safe file name with the right ending, and a signature
 * (`ex`, hex epoch seconds) that lives long enough. Null: the file has to be uploaded.
 */
export function passableUrl(attachmentUrl: string, extension: string, nowMs: number): string | null {
  const url = URL.parse(attachmentUrl);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return null;
  const name = url.pathname.split('/').at(-1) ?? '';
  const expiresAtMs = Number.parseInt(url.searchParams.get('ex') ?? '', 16) * 1000;
  const ending = name.split('.').at(-1)?.toLowerCase().replace('jpeg', 'jpg');
  const fits = SAFE_NAME.test(name) && ending === extension && expiresAtMs >= nowMs + MUST_LIVE_MS;
  return fits ? attachmentUrl : null;
}
