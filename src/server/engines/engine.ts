/** The four numbers of the Hallo API that shape a clip, each 0-10 (the server's defaults: 1.4, 1, 1.2, 1.2). */
export type Weights = { poseWeight: number; faceWeight: number; lipWeight: number; faceExpandRatio: number };

/**
 * One render. The paths are absolute and their names are [A-Za-z0-9_.-] with one extension; the engine writes an mp4 to
 * `outputPath`, whose folder exists. `onProgress` takes 0-1.
 */
export type EngineJob = {
  portraitPath: string;
  voicePath: string;
  outputPath: string;
  weights: Weights;
  signal: AbortSignal;
  onProgress: (fraction: number) => void;
};

/** `detail` is the text that goes into FAILED. */
export type EngineResult = { ok: true } | { ok: false; detail: string };

/** Who makes the video. `render` rejects with `signal.reason` when it is aborted; every other failure is a value. */
export type Engine = {
  readonly name: string;
  render(job: EngineJob): Promise<EngineResult>;
};
