/** What moves, one value a frame (25 a second), all curves of the same length = number of frames. */
export type Curves = {
  frames: number;
  /** 0 closed … 1 wide open (jaw). */
  open: Float32Array;
  /** -1 rounded … 1 spread. */
  wide: Float32Array;
  /** 0 … 1: upper lip up, teeth shown. */
  teeth: Float32Array;
  /** 0 … 1: lips pressed together (closures p, b, m). */
  press: Float32Array;
  /** -1 lowered … 1 raised. */
  brows: Float32Array;
  /** 0 open … 1 closed. */
  blink: Float32Array;
  /** -1 … 1, towards the picture's right. */
  gazeX: Float32Array;
  /** -1 … 1, downwards. */
  gazeY: Float32Array;
  /** The head, -1 … 1 in natural units: towards the picture's right, downwards, clockwise. */
  yaw: Float32Array;
  pitch: Float32Array;
  roll: Float32Array;
  /** The head's place, -1 … 1: towards the picture's right, downwards. */
  tx: Float32Array;
  ty: Float32Array;
  /** -1 out … 1 in. */
  breath: Float32Array;
};
