import type { Texts } from '../texts/texts.ts';

/** `3 min 12 s`, as people read it. */
export function durationText(durationMs: number, locale: string, texts: Texts): string {
  const allSeconds = Math.max(1, Math.round(durationMs / 1000));
  const minutes = Math.floor(allSeconds / 60);
  const seconds = allSeconds % 60;
  if (minutes === 0) return texts.say(locale, 'duration.seconds', { seconds });
  if (seconds === 0) return texts.say(locale, 'duration.minutes', { minutes });
  return texts.say(locale, 'duration.both', { minutes, seconds });
}
