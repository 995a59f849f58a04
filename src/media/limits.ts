/** What files may be at most and must be at least. */
export type MediaLimits = {
  portraitMaxBytes: number;
  /** Bounds the memory that decoding takes: four bytes a pixel, and some copies. */
  portraitMaxPixels: number;
  /** The shorter side in pixels, below which there is not enough face to move. */
  portraitMinSide: number;
  voiceMaxBytes: number;
  voiceMinSeconds: number;
  voiceMaxSeconds: number;
  videoMaxBytes: number;
};

/** 25 MiB and 60 s are choices of this project: the model drifts and grows with long voices, see its README. */
export const defaultMediaLimits: MediaLimits = {
  portraitMaxBytes: 25 * 1024 * 1024,
  portraitMaxPixels: 50_000_000,
  portraitMinSide: 128,
  voiceMaxBytes: 25 * 1024 * 1024,
  voiceMinSeconds: 0.3,
  voiceMaxSeconds: 60,
  videoMaxBytes: 500 * 1024 * 1024,
};
