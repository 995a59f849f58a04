import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { Files, Media as MediaPort, PreparedInput, Problem } from '../core/ports.ts';
import type { InputProblem, Render, Source } from '../core/render.ts';
import { isAddress } from './addresses.ts';
import { type CheckedPortrait, type PortraitNote, prepareCheckedPortrait } from './checked-portrait.ts';
import type { Downloader, DownloadProblem } from './download.ts';
import type { FaceCheck, FaceChecker, FaceProblem } from './face-check.ts';
import { sha256Of } from './files.ts';
import { madeOf } from './made-of.ts';
import { type Media, type MediaLimits, type MediaProblem, reasonOf } from './media.ts';
import { passableUrl } from './passable-url.ts';

type Kind = 'portrait' | 'voice';
type Attachment = Extract<Source, { kind: 'attachment' }>;
type Kept = Extract<Source, { kind: 'kept' }>;
type Failed = { ok: false } & Problem;
/** `made`: where it lies until it is kept; undefined: it is kept already. */
type Ready = {
  ok: true;
  input: PreparedInput;
  made: string | undefined;
  sha256: string;
  seconds: number;
  notes: InputProblem[];
};
type PreparePolicy = Parameters<MediaPort['prepare']>[1];
type Asked = { render: Render; policy: PreparePolicy; directory: string; signal: AbortSignal };

const HOUR_MS = 3_600_000;
/** Short trouble of Discord's CDN is waited out: 1, 2, 4, 8 s between the tries, and none is begun later than this. */
const FETCH_AGAIN = { firstPauseMs: 1_000, tries: 5, untilMs: 60_000 };

const CONTENT_TYPES: Readonly<Record<string, string>> = { '.jpg': 'image/jpeg', '.png': 'image/png', '.wav': 'audio/wav' };

/** The core's media port: attachments are downloaded, checked, normalised and kept; finished videos fetched, proven and kept. */
export function createRenderMedia(deps: {
  media: Media;
  faces: FaceChecker;
  /** told of every look at a face */
  onFaceCheck: (renderId: string, check: FaceCheck) => void;
  limits: MediaLimits;
  attachments: Downloader;
  outputs: Downloader;
  files: Files;
  clock: Clock;
  /** who renders, and with which model: another one makes another video */
  renderer: string;
  /** for files under way; emptied by whoever starts the program */
  workDirectory: string;
}): MediaPort {
  const { clock, files, limits, media } = deps;

  async function inWorkDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
    await mkdir(deps.workDirectory, { recursive: true });
    const directory = await mkdtemp(join(deps.workDirectory, 'render-'));
    try {
      return await work(directory);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  async function fromKept(kind: Kind, source: Kept, { policy }: Asked): Promise<Ready | Failed> {
    const contentType = CONTENT_TYPES[extname(source.fileKey)];
    const kept = await files.extend(source.fileKey, clock.now() + policy.keepInputsHours * HOUR_MS);
    const path = kept ? await files.path(source.fileKey) : undefined;
    if (path === undefined || contentType === undefined)
      return { ok: false, reason: 'expired', problem: { code: 'inputs-gone', facts: {} } };
    const [seconds, maxSeconds] = [source.seconds ?? 0, policy.longestVoiceSeconds];
    if (kind === 'voice' && seconds > maxSeconds) return failed({ code: 'voice-too-long', seconds, maxSeconds });
    return {
      ok: true,
      input: { fileKey: source.fileKey, contentType, url: null, hash: source.hash },
      sha256: await sha256Of(path),
      ...{ seconds, made: undefined },
      notes: source.notes ?? [],
    };
  }

  async function fetchAttachment(url: string, path: string, order: { maxBytes: number; signal: AbortSignal }) {
    const giveUpAtMs = clock.now() + FETCH_AGAIN.untilMs;
    for (let tries = 1; ; tries += 1) {
      const fetched = await deps.attachments.download(url, path, order);
      const pauseMs = FETCH_AGAIN.firstPauseMs * 2 ** (tries - 1);
      const again = !fetched.ok && fetched.problem.kind !== 'status' && passes(fetched.problem);
      if (!again || tries === FETCH_AGAIN.tries || clock.now() + pauseMs > giveUpAtMs) return fetched;
      await clock.sleep(pauseMs, order.signal);
    }
  }

  async function fromAttachment(kind: Kind, source: Attachment, asked: Asked): Promise<Ready | Failed> {
    const { render, directory, signal } = asked;
    const path = join(directory, kind);
    const maxBytes = kind === 'portrait' ? limits.portraitMaxBytes : limits.voiceMaxBytes;
    const fetched = await fetchAttachment(source.url, path, { maxBytes, signal });
    if (!fetched.ok) return downloadFailed(kind, fetched.problem, maxBytes);
    const prepared = await (kind === 'portrait' ? preparePortrait(path, asked) : prepareVoice(path, asked));
    if (!prepared.ok) return failed(prepared.problem);
    const { value } = prepared;
    const fileKey = `inputs/${render.id}-${kind}.${value.extension}`;
    const url = value.changed ? null : passableUrl(source.url, value.extension, clock.now());
    const input = { fileKey, contentType: value.contentType, url, hash: 'hash' in value ? value.hash : undefined };
    const seconds = 'seconds' in value ? value.seconds : 0;
    const notes = prepared.notes.map(inputProblem);
    return { ok: true, input, made: value.path, sha256: value.sha256, seconds, notes };
  }

  function preparePortrait(path: string, { render, policy, signal }: Asked): Promise<CheckedPortrait> {
    const onCheck = (check: FaceCheck) => deps.onFaceCheck(render.id, check);
    const order = { path, outputPath: `${path}.prepared`, faceCheck: policy.faceCheck, signal };
    return prepareCheckedPortrait(order, { media, faces: deps.faces, onCheck });
  }

  async function prepareVoice(path: string, { policy, signal }: Asked) {
    const maxSeconds = policy.longestVoiceSeconds;
    const made = await media.prepareVoice({ path, outputPath: `${path}.prepared`, maxSeconds, signal });
    return made.ok ? { ...made, notes: [] } : made;
  }

  return {
    prepare(render, policy, signal) {
      return inWorkDirectory(async directory => {
        const asked = { render, policy, directory, signal };
        const ready = (kind: Kind, source: Source) =>
          source.kind === 'kept' ? fromKept(kind, source, asked) : fromAttachment(kind, source, asked);
        const portrait = await ready('portrait', render.portrait);
        if (!portrait.ok) return portrait;
        const voice = await ready('voice', render.voice);
        if (!voice.ok) return voice;
        const made = [portrait, voice].flatMap(each =>
          each.made === undefined ? [] : [{ key: each.input.fileKey, path: each.made }],
        );
        if (made.length > 0) await files.put(made, clock.now() + policy.keepInputsHours * HOUR_MS);
        return {
          ok: true,
          portrait: portrait.input,
          voice: { ...voice.input, seconds: voice.seconds },
          notes: portrait.notes,
          madeOf: madeOf(render, {
            ...{ portraitSha256: portrait.sha256, voiceSha256: voice.sha256, renderer: deps.renderer },
          }),
        };
      });
    },

    keepVideo(render, videoUrl, { keepVideosDays }, signal) {
      return inWorkDirectory(async directory => {
        const path = join(directory, 'video.mp4');
        const fetched = await deps.outputs.download(videoUrl, path, { maxBytes: limits.videoMaxBytes, signal });
        if (!fetched.ok)
          return {
            ok: false,
            again: passes(fetched.problem),
            link: isLinkable(videoUrl, fetched.problem),
            // The host alone: a path may be all that protects a file.
            detail: `The video could not be fetched from ${URL.parse(videoUrl)?.host ?? 'there'} (${fetched.problem.kind})`,
          };
        const marked = await media.markVideo({ path, outputPath: join(directory, 'marked.mp4'), signal });
        if (!marked.ok)
          return { ok: false, again: false, link: false, detail: `What the provider gave is no video (${marked.problem.code})` };
        const videoKey = `videos/${render.id}.mp4`;
        const keptUntilMs = clock.now() + keepVideosDays * 24 * HOUR_MS;
        const [kept] = await files.put([{ key: videoKey, path: marked.value.path }], keptUntilMs);
        return { ok: true, videoKey, videoBytes: kept?.sizeBytes ?? 0, keptUntilMs };
      });
    },
  };
}

/** A problem as the core knows it: its code, and the facts that are known. */
export function inputProblem({ code, ...facts }: MediaProblem | PortraitNote): InputProblem {
  const stated = Object.entries(facts).filter((fact): fact is [string, string | number] => fact[1] !== undefined);
  return { code, facts: Object.fromEntries(stated) };
}

function failed(problem: MediaProblem | FaceProblem): Failed {
  return { ok: false, reason: reasonOf(problem), problem: inputProblem(problem) };
}

function downloadFailed(subject: Kind, problem: DownloadProblem, maxBytes: number): Failed {
  const reason = subject === 'portrait' ? 'image' : 'audio';
  if (problem.kind === 'too-large')
    return { ok: false, reason, problem: { code: 'file-too-large', facts: { subject, maxBytes } } };
  return { ok: false, reason, problem: { code: 'download-failed', facts: { subject, why: problem.kind } } };
}

/** Whether a fetch that failed so may succeed later. */
function passes({ kind }: DownloadProblem): boolean {
  switch (kind) {
    case 'timeout':
    case 'status':
    case 'server-trouble':
    case 'network':
      return true;
    case 'bad-url':
    case 'host-not-allowed':
    case 'address-refused':
    case 'too-large':
    case 'too-many-redirects':
      return false;
  }
}

/** Whether a URL that the bot does not fetch, or could not, may be shown: a named public host, and nothing that says the file is gone. */
function isLinkable(videoUrl: string, { kind }: DownloadProblem): boolean {
  const url = URL.parse(videoUrl);
  const named = url?.protocol === 'https:' && url.username === '' && url.hostname.includes('.') && !isAddress(url.hostname);
  return named && ['host-not-allowed', 'too-large', 'timeout', 'server-trouble', 'network'].includes(kind);
}
