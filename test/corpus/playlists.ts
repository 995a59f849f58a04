import { basename } from 'node:path';
import { type Family, type HostileFile, type Kit, nthOf } from './hostile-file.ts';

/** Texts and containers that would make FFmpeg open another file or an address, were it left to guess what they are. */
function tricks({ samples, bait: { path, url } }: Kit): readonly (readonly [string, Buffer])[] {
  const text = (words: string) => Buffer.from(words);
  const hls = (uri: string, more = '') =>
    text(`#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n${more}#EXTINF:2.0,\n${uri}\n#EXT-X-ENDLIST\n`);
  const mpd = (uri: string) =>
    text(
      `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="1"><BaseURL>${uri}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
    );
  return [
    ['hls of a file', hls(`file://${path}`)],
    ['hls of a path', hls(path)],
    ['hls of a neighbour', hls(basename(path))],
    ['hls of a URL', hls(`${url}/voice.ts`)],
    ['hls with a key', hls('voice.ts', `#EXT-X-KEY:METHOD=AES-128,URI="${url}/key"\n`)],
    ['hls with a map', hls('voice.ts', `#EXT-X-MAP:URI="${url}/init.mp4"\n`)],
    ['hls by way of concat', hls(`concat:file://${path}|${url}/x`)],
    ['hls by way of subfile', hls(`subfile,,start,0,end,9999,,:${path}`)],
    ['hls by way of crypto', hls(`crypto+file://${path}`)],
    ['hls by way of data', hls(`data:audio/wav;base64,${samples.voices.wav.toString('base64')}`)],
    ['master playlist', text(`#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${url}/low.m3u8\n`)],
    ['plain m3u', text(`${path}\n${url}/a.mp3\n`)],
    ['pls', text(`[playlist]\nFile1=${path}\nFile2=${url}/a.mp3\nNumberOfEntries=2\n`)],
    ['ffconcat of a file', text(`ffconcat version 1.0\nfile '${path}'\n`)],
    ['ffconcat of a URL', text(`ffconcat version 1.0\nfile '${url}/a.wav'\noption safe 0\n`)],
    ['ffconcat of a neighbour', text(`ffconcat version 1.0\nfile ${basename(path)}\n`)],
    ['dash of a URL', mpd(`${url}/a.mp4`)],
    ['dash of a file', mpd(`file://${path}`)],
    ['sdp', text(`v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio ${new URL(url).port} RTP/AVP 0\n`)],
    ['asx', text(`<asx version="3.0"><entry><ref href="${url}/a.mp3"/></entry></asx>`)],
    ['smil', text(`<smil><body><audio src="${url}/a.mp3"/></body></smil>`)],
    ['imf', text(`<?xml version="1.0"?><CompositionPlaylist><Id>${url}</Id></CompositionPlaylist>`)],
    ['ffmetadata', text(`;FFMETADATA1\ntitle=${url}\n`)],
    ['lavfi', text(`amovie=${path}`)],
    ['quicktime text reference', text(`RTSPtext\r\n${url}/a.mov\r\n`)],
  ];
}

/** The beginnings of good files, so that a look at the first bytes takes the trick for one. */
const masks: readonly (readonly [string, Buffer])[] = [
  ['', Buffer.alloc(0)],
  ['behind an ID3 tag', Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1')],
  ['behind a RIFF header', Buffer.from('RIFF\xff\xff\xff\x7fWAVE', 'latin1')],
  ['behind OggS', Buffer.from('OggS\0\x02', 'latin1')],
  ['behind fLaC', Buffer.from('fLaC', 'latin1')],
  ['behind an ftyp box', Buffer.from('\0\0\0\x10ftypM4A \0\0\0\0', 'latin1')],
  ['behind an EBML header', Buffer.from('\x1a\x45\xdf\xa3\x8bB\x82\x84webm\x42\x87\x81\x02', 'latin1')],
  ['behind a line', Buffer.from('\ufeff\n')],
];

const names = ['voice.wav', 'voice.mp3', 'playlist.m3u8', 'concat:a.mp3', 'list.ffconcat', 'voice.ogg', 'voice.m4a', 'v.webm'];

export const playlists: Family = {
  name: 'playlists',
  weight: 10,
  make(nth, kit): HostileFile {
    const all = tricks(kit);
    const [what, bytes] = nthOf(all, nth);
    const [mask, head] = nthOf(masks, Math.floor(nth / all.length));
    const contentType = kit.dice.pick(['audio/mpeg', 'audio/wav', 'audio/ogg', 'video/mp4']);
    const role = nth % 7 === 6 ? 'video' : 'voice';
    const name = kit.dice.pick(names);
    return { role, what: `${what} ${mask}`.trim(), name, contentType, bytes: Buffer.concat([head, bytes]), mustBeRefused: true };
  },
};
