import { deflateRawSync, gzipSync } from 'node:zlib';
import { type Family, type HostileFile, type Kit, nthOf } from './hostile-file.ts';

const endings = {
  portrait: ['png', 'jpg', 'jpeg', 'webp', 'avif', 'gif'],
  voice: ['wav', 'mp3', 'ogg', 'opus', 'm4a', 'flac', 'webm', 'mp4'],
} as const;

/** The smallest archive with one deflated entry that says to be a gigabyte. */
function zip(): Buffer {
  const data = deflateRawSync(Buffer.alloc(100_000));
  const name = Buffer.from('../../../../etc/cron.d/x');
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(data.length, 18);
  local.writeUInt32LE(1 << 30, 22);
  local.writeUInt16LE(name.length, 26);
  return Buffer.concat([local, name, data]);
}

/** Twenty megabytes of zeros. */
const gzipped = gzipSync(Buffer.alloc(20_000_000), { level: 1 });

const html = '<!doctype html><script>fetch("http://127.0.0.1/")</script><img src=x onerror=alert(1)>';

/** Files of other kinds. */
function strangers({ samples, bait }: Kit): readonly (readonly [string, Buffer])[] {
  const text = (words: string) => Buffer.from(words);
  const svg = (inside: string) => text(`<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512">${inside}</svg>`);
  return [
    ['no bytes', Buffer.alloc(0)],
    ['one byte', Buffer.from([0x89])],
    ['zeros', Buffer.alloc(10_000)],
    ['text', text('This is my voice.\n')],
    ['html', text(html)],
    ['svg', svg('<rect width="512" height="512" fill="red"/>')],
    ['svg that embeds a file', svg(`<image href="file://${bait.path}" width="512" height="512"/>`)],
    ['svg that embeds a URL', svg(`<image href="${bait.url}/a.png" width="512" height="512"/>`)],
    ['svg with an entity', text(`<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file://${bait.path}">]><svg>&x;</svg>`)],
    ['pdf', text(`%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/URI/URI(${bait.url})>>>>endobj\n%%EOF`)],
    ['zip', zip()],
    ['gzip of zeros', gzipped],
    ['postscript', text(`%!PS-Adobe-3.0 EPSF-3.0\n(${bait.path}) run\n`)],
    ['imagemagick script', text(`push graphic-context\nimage over 0,0 0,0 '${bait.url}'\npop graphic-context`)],
    ['windows program', Buffer.concat([text('MZ'), Buffer.alloc(2_000)])],
    ['linux program', Buffer.concat([Buffer.from([0x7f]), text('ELF'), Buffer.alloc(2_000)])],
    ['tiff', Buffer.concat([Buffer.from([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0, 1, 0]), Buffer.alloc(500)])],
    ['bmp', Buffer.concat([text('BM'), Buffer.alloc(500)])],
    ['photoshop', Buffer.concat([text('8BPS\0\x01'), Buffer.alloc(500)])],
    ['heic', Buffer.concat([Buffer.from([0, 0, 0, 24]), text('ftypheic'), Buffer.alloc(500)])],
    ['jpeg xl', Buffer.concat([Buffer.from([0xff, 0x0a]), Buffer.alloc(500)])],
    ['midi', text('MThd\0\0\0\x06\0\x01\0\x01\0\x60MTrk\0\0\0\x04\0\xff\x2f\0')],
    ['avi', Buffer.concat([text('RIFF\xff\xff\0\0AVI LIST'), Buffer.alloc(500)])],
    ['flash', Buffer.concat([text('FWS\x06'), Buffer.alloc(500)])],
    ['a picture where a voice is due, and the other way round', samples.pictures.jpg],
    ['a voice where a picture is due, and the other way round', samples.voices.wav],
    ['mp4', samples.video],
  ];
}

/** Files that are two kinds at once. Some of them are usable as what they say they are. */
function chimeras({ samples: { pictures, voices }, bait }: Kit): readonly (readonly [string, Buffer])[] {
  const webpAsWave = Buffer.from(pictures.webp);
  webpAsWave.write('WAVE', 8, 'latin1');
  const waveAsWebp = Buffer.from(voices.wav);
  waveAsWebp.write('WEBP', 8, 'latin1');
  return [
    ['png and zip', Buffer.concat([pictures.png, zip()])],
    ['jpeg and html', Buffer.concat([pictures.jpg, Buffer.from(html)])],
    ['jpeg and wav', Buffer.concat([pictures.jpg, voices.wav])],
    ['gif and script', Buffer.concat([Buffer.from('GIF89a/*'), pictures.gif.subarray(8), Buffer.from('*/=1;alert(1)')])],
    ['wav and zip', Buffer.concat([voices.wav, zip()])],
    ['mp3 and png', Buffer.concat([voices.mp3, pictures.png])],
    ['png and mp3', Buffer.concat([pictures.png, voices.mp3])],
    ['ogg and ogg', Buffer.concat([voices.ogg, voices.opus])],
    ['flac and html', Buffer.concat([voices.flac, Buffer.from(html)])],
    ['pdf and jpeg', Buffer.concat([Buffer.from('%PDF-1.7\n'), pictures.jpg])],
    ['webp that says WAVE', webpAsWave],
    ['wav that says WEBP', waveAsWebp],
    ['mp4 and playlist', Buffer.concat([voices.mp4, Buffer.from(`\n#EXTM3U\n${bait.url}/a.ts\n`)])],
    ['id3 and html', Buffer.concat([Buffer.from('ID3\x03\0\0\0\0\0\0'), Buffer.from(html)])],
  ];
}

/** Every stranger under the names and types of good files, and files of two kinds. */
export const disguised: Family = {
  name: 'disguised',
  weight: 13,
  make(nth, kit): HostileFile {
    const role = nth % 2 === 0 ? 'portrait' : 'voice';
    const turn = Math.floor(nth / 2);
    const known = strangers(kit);
    const [what, bytes] = nthOf([...known, ...chimeras(kit)], turn);
    const ending = nthOf(endings[role], turn + kit.dice.below(6));
    const isStranger = turn % (known.length + 14) < known.length - 3;
    return { role, what, name: `me.${ending}`, bytes, mustBeRefused: isStranger };
  },
};
