import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillTemplate, parseTemplate, placeholders } from '../../../src/server/engines/template.ts';

const values = {
  image: '/in/portrait.png',
  audio: '/in/voice.wav',
  output: '/out/clip.mp4',
  pose_weight: '1.4',
  face_weight: '1',
  lip_weight: '1.2',
  face_expand_ratio: '1.2',
};
const all = '{image} {audio} {output}';

function fill(text: string, given = values): string[] {
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return fillTemplate(parsed.template, given);
}
const tail = ['/in/portrait.png', '/in/voice.wav', '/out/clip.mp4'];

test.each<[string, string[]]>([
  ['run  a\tb', ['run', 'a', 'b']],
  [`run 'a b' "c d"`, ['run', 'a b', 'c d']],
  [`run 'a\\b' "c\\"d\\\\e\\f"`, ['run', 'a\\b', 'c"d\\e\\f']],
  ['run a\\ b --x=\'\'y ""', ['run', 'a b', '--x=y', '']],
  ['run --pose={pose_weight},{lip_weight} {}', ['run', '--pose=1.4,1.2', '{}']],
])('%s', (text, words) => {
  expect(fill(`${text} ${all}`)).toEqual([...words, ...tail]);
});

test('a value is one argument, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string(), image => {
      expect(fill(`run ${all}`, { ...values, image })).toEqual(['run', image, ...tail.slice(1)]);
    }),
  );
});

test.each([
  [`run ${all} {seed}`, '{seed}'],
  ['run {image} {audio}', '{output}'],
  [`run ${all} 'open`, 'quote'],
  ['  ', 'empty'],
])('%s is refused with a sentence that names the fault', (text, named) => {
  expect(parseTemplate(text)).toEqual({ ok: false, problem: expect.stringContaining(named) });
});

test('every placeholder is known', () => {
  expect(fill(`run ${placeholders.map(name => `{${name}}`).join(' ')}`)).toEqual(['run', ...Object.values(values)]);
});
