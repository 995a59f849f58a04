import { mkdir, mkdtemp, open, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { fileTrouble } from './file-trouble.ts';

export type Finding = { ok: boolean; line: string };

const MIB = 1024 * 1024;
/** A few inputs and videos; a disk with less is about to be full. */
const LEAST_FREE_BYTES = 256 * MIB;

/** Writes to the data directory and to the disk under it: rights alone tell nothing of a full or read-only disk. */
export async function checkStorage({ storage }: Config): Promise<Finding> {
  const { databaseUrl, dataDir } = storage;
  const database = databaseUrl === undefined ? undefined : await checkPostgres(databaseUrl);
  if (database?.ok === false) return database;
  const probe = join(dataDir, `doctor-${process.pid}.tmp`);
  try {
    await mkdir(dataDir, { recursive: true });
    const file = await open(probe, 'w');
    try {
      await file.write(Buffer.alloc(MIB));
      await file.sync();
    } finally {
      await file.close();
    }
    const { bavail, bsize } = await statfs(dataDir);
    const freeBytes = bavail * bsize;
    const free = `${Math.floor(freeBytes / MIB)} MiB free`;
    if (freeBytes < LEAST_FREE_BYTES) return { ok: false, line: `storage: ${dataDir} is nearly full, ${free}` };
    const also = database === undefined ? '' : `${database.line}; `;
    return { ok: true, line: `storage: ${also}${dataDir} can be written, ${free}` };
  } catch (error) {
    return { ok: false, line: `storage: ${dataDir} cannot be written: ${fileTrouble(error)}` };
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
}

/** Reaches the database, and looks whether it will do. */
async function checkPostgres(databaseUrl: string): Promise<Finding> {
  const { inspectPostgres } = await import('../storage/scaled/inspect.ts');
  try {
    const { trouble, version } = await inspectPostgres(databaseUrl);
    if (trouble !== undefined) return { ok: false, line: `storage: the database of DATABASE_URL won't do: ${trouble}` };
    return { ok: true, line: `Postgres ${version} answers` };
  } catch (error) {
    const reason = error instanceof Error ? error.message || error.name : String(error);
    return { ok: false, line: `storage: the database of DATABASE_URL can't be used: ${reason}` };
  }
}

/** Prepares a tiny portrait, looks at it, and prepares a second of sound, as for a render: in child processes, with the native code. */
export async function checkMedia(): Promise<Finding> {
  const directory = await mkdtemp(join(tmpdir(), 'hallo-doctor-')).catch(fileTrouble);
  if (!directory.startsWith(tmpdir())) return { ok: false, line: `media tools: ${tmpdir()} cannot be written: ${directory}` };
  try {
    const [{ default: sharp }, { createMedia }, { createFaceChecker }, { encodeWav }] = await Promise.all([
      import('sharp'),
      import('../media/media.ts'),
      import('../media/face-check.ts'),
      import('../media/wav.ts'),
    ]);
    const path = (name: string) => join(directory, name);
    const background = { r: 90, g: 120, b: 150 };
    await sharp({ create: { width: 160, height: 200, channels: 3, background } })
      .jpeg()
      .toFile(path('portrait.jpg'));
    // 48 kHz, so that the sound has to pass through FFmpeg.
    const tone = Float32Array.from({ length: 48_000 }, (_, at) => 0.3 * Math.sin(at / 30));
    await writeFile(path('voice.wav'), encodeWav(tone, 48_000));
    const media = createMedia();
    const portrait = await media.preparePortrait({ path: path('portrait.jpg'), outputPath: path('portrait.out') });
    const voice = await media.prepareVoice({ path: path('voice.wav'), outputPath: path('voice.out') });
    const problems = [portrait, voice].flatMap(made => (made.ok ? [] : [made.problem.code]));
    if (problems.length > 0) return { ok: false, line: `media tools: a test failed (${problems.join(', ')}); run npm ci` };
    const face = await createFaceChecker().check({ path: path('portrait.jpg') });
    // Renders do without it, so this is no failure.
    const faces = face.kind === 'unknown' ? `faces can't be looked for (${face.problem.detail})` : 'a face was looked for';
    return { ok: true, line: `media tools: a portrait and a voice were prepared; ${faces}` };
  } catch (error) {
    return { ok: false, line: `media tools: a test could not be run (${fileTrouble(error)}); if packages are missing: npm ci` };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
