/** Stands between sentences, and where a phrase was taken out: no word, so that no rule reads across it. */
export const GAP = ' · ';

/** What is read of a longer text: its beginning and its end (a traceback says the matter last). UTF-16 units each. */
const READ_UNITS = 8_000;

/** Addresses, file names and ids are nobody's verdict: "celebrity.png" can't be decoded, an id may hold "e005". All bounded. */
const NAMES_AND_IDS: readonly (readonly [RegExp, string])[] = [
  [
    /<\/?(?:!doctype|html|head|body|title|h[1-6]|p|div|span|center|hr|br|a|b|i|strong|em|pre|code|ul|li|meta|link)\b[^<>]{0,300}>/g,
    ' ',
  ],
  [/\b(?:https?|wss?|gs|s3|file|asset|ftp):\/\/[^\s"'<>`)\]}]{0,4000}/g, ' url '],
  [/\bdata:[a-z]{1,20}\/[^\s"'<>`)\]}]{0,8000}/g, ' url '],
  // A path starts where no word ends, so that "sexual/minors" and "hate/violence/sexual" stay.
  [/(?<![\w/\\])(?:[a-z]:|~|\.{1,2})?[\\/](?:[\w.~-]{1,64}[\\/]){1,30}[\w.~-]{0,64}/g, ' file '],
  [
    /(?<![\w-])[\w-]{1,80}\.(py|png|jpe?g|webp|gif|avif|bmp|heic|wav|mp3|ogg|opus|m4a|flac|mp4|webm|css|js|ts|json|onnx|ckpt|pth?|safetensors)\b/g,
    ' file $1 ',
  ],
  [
    /\b(?:request|trace|task|job|session|operation|correlation|cf-ray|ray)[ _-]?id["']?\s{0,3}[:=#]\s{0,3}["']?[\w-]{1,100}/g,
    ' ',
  ],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/g, ' '],
  [/\breq[_-][\w-]{4,80}/g, ' '],
  [/\b(?=[a-z]{0,60}\d)[a-z0-9]{16,200}\b/g, ' '],
];

/** A Python traceback names files and lines of code that have nothing to do with the matter: only what is raised counts. */
function withoutTraceback(text: string): string {
  if (!text.includes('traceback (most recent call last)')) return text;
  const lines = text.split('\n').filter(line => line.trim() !== '');
  const raised = lines.filter(line => !/^\s/.test(line) && !line.includes('traceback (most recent call last)'));
  return raised.length > 0 ? raised.join('\n') : text;
}

/**
 * A provider's text, made ready for the rules: lower case, compatibility forms resolved (full-width letters, ligatures),
 * invisible characters and accents gone, names and ids gone, and everything that is no letter or digit a single space
 * (so `content_policy-violation` reads "content policy violation"), but for a dot between sentences. Linear in time, and bounded however long the text.
 */
export function normalise(raw: string): string {
  const read = raw.length > 2 * READ_UNITS ? `${raw.slice(0, READ_UNITS)}\n${raw.slice(-READ_UNITS)}` : raw;
  let text = read
    .normalize('NFKD')
    .replace(/\p{Cf}/gu, '')
    // Accents are noise over Latin letters only: elsewhere a mark makes another letter (ハ and パ).
    .replace(/(?<=\p{Script=Latin}\p{M}{0,8})\p{M}+/gu, '')
    .normalize('NFC')
    .toLowerCase();
  text = withoutTraceback(text.replace(/\r\n?/g, '\n').replace(/\\[nr]/g, '\n'));
  for (const [pattern, instead] of NAMES_AND_IDS) text = text.replace(pattern, instead);
  text = text.replace(/['’‘`´]/g, '').replace(/[.!?;。！？；]{1,9}["”)\]]{0,3}(?=\s)/g, GAP);
  text = text.replace(/[^\p{L}\p{N}\p{M}·]+/gu, ' ');
  // Letters spelled out one by one ("n s f w") are read as the word.
  text = text.replace(/(?<=^| )(?:[a-z] ){2,12}[a-z](?= |$)/g, spelled => spelled.replaceAll(' ', ''));
  return ` ${text.trim()} `;
}

/** The words of glued machine codes: "RealPersonDetected". For what judges content only: "ImageMagick" is one name. */
export function unglued(raw: string): string {
  return raw.replace(/(?<=[a-z])(?=[A-Z][a-z])/g, ' ');
}
