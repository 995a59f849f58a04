import { goodFile } from './damaged.ts';
import { type Family, nthOf } from './hostile-file.ts';

const names = [
  'портрет.png',
  '写真 📸.jpg',
  'صورة.png',
  'a\u202egnp.exe',
  '\u2066\u202e\u2069gpj.mp3',
  'e\u0301\u0301\u0301\u0301.wav',
  `${'Z\u0310\u035b\u0315'.repeat(80)}.png`,
  `${'a'.repeat(250)}.wav`,
  '.png',
  '..',
  '...wav',
  'no ending',
  '../../../etc/passwd',
  '..\\..\\windows\\win.ini',
  '/dev/zero',
  'CON.png',
  'nul.wav',
  '-i.wav',
  '--help.png',
  '-vf delogo.wav',
  '$(touch pwned).png',
  '`id`.wav',
  "'; DROP TABLE renders; --.png",
  '|cat.wav',
  'concat:a.wav|b.wav',
  'http://127.0.0.1/a.png',
  'file:///etc/passwd',
  'pipe:0',
  'a%00b.png',
  'a%2e%2e%2fb.png',
  '%s%n%x.wav',
  'image%d.png',
  'a?b=c#d.png',
  '@everyone.png',
  '<@123456789012345678>.wav',
  '**bold** _x_ ||spoiler||.png',
  '[click](https://example.org).png',
  '{{count}}.png',
  '$t(reason.face.what).wav',
  '__proto__.png',
  'constructor.wav',
  'two\nlines.png',
  'tab\tand\rreturn.wav',
  'zero\u200bwidth\u200d\ufeff.png',
  'half a \ud83d surrogate.png',
  'SPOILER_me.png',
  'me.png.exe',
  'me.wav ',
  '\u0000.png',
];

const types = [
  null,
  'image/png',
  'audio/wav',
  '',
  'text/html; charset=utf-8',
  'image/png\r\nx: y',
  'IMAGE/PNG',
  '*/*',
  'application/octet-stream',
];
const durations = [null, 0, -1, 1, Number.NaN, Number.POSITIVE_INFINITY, 1e308, 0.001];

/** Good and cut files under names, types and durations that nobody means well. */
export const hostileNames: Family = {
  name: 'names',
  weight: 6,
  make(nth, kit) {
    const good = goodFile(nth, kit);
    const name = nthOf(names, nth);
    const contentType = kit.dice.pick(types);
    const durationSeconds = kit.dice.pick(durations);
    const bytes = kit.dice.below(3) === 0 ? good.bytes.subarray(0, kit.dice.below(good.bytes.length)) : good.bytes;
    return {
      ...{ role: good.role, name, bytes, what: `${good.what} named ${JSON.stringify(name).slice(0, 40)}` },
      ...(contentType !== null && { contentType }),
      ...(durationSeconds !== null && { durationSeconds }),
    };
  },
};
