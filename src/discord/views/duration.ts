import type { Texts } from '../texts/texts.ts';

/** How long something takes about: in whole minutes, where it takes more than one. */
export function aboutText(durationMs: number, locale: string, texts: Texts): string {
  const unitMs = durationMs > 90_000 ? 60_000 : 1_000;
  return durationText(Math.round(durationMs / unitMs) * unitMs, locale, texts);
}

/** `3 min 12 s`, as people read it. */
export function durationText(durationMs: number, locale: string, texts: Texts): string {
  const allSeconds = Math.max(1, Math.round(durationMs / 1000));
  const minutes = Math.floor(allSeconds / 60);
  const seconds = allSeconds % 60;
  if (minutes === 0) return texts.say(locale, 'duration.seconds', { seconds });
  if (seconds === 0) return texts.say(locale, 'duration.minutes', { minutes });
  return texts.say(locale, 'duration.both', { minutes, seconds });
}
