/** Numbers of landmarks in the mesh. Left and right are the picture's, for a face that is upright. */

/** The face's outline, clockwise from the middle of the forehead. */
export const oval = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58,
  132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
] as const;

/** The lips' contours from the left corner to the right one. */
export const lips = {
  upperOuter: [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291],
  upperInner: [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308],
  lowerInner: [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308],
  lowerOuter: [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291],
} as const;

/** The lids from the left corner to the right one, and the lower edge of the brow above. */
export const eyes = [
  {
    upper: [33, 246, 161, 160, 159, 158, 157, 173, 133],
    lower: [33, 7, 163, 144, 145, 153, 154, 155, 133],
    brow: [46, 53, 52, 65, 55],
  },
  {
    upper: [362, 398, 384, 385, 386, 387, 388, 466, 263],
    lower: [362, 382, 381, 380, 374, 373, 390, 249, 263],
    brow: [285, 295, 282, 283, 276],
  },
] as const;

/** Both edges of each brow. */
export const brows = [
  [70, 63, 105, 66, 107, 46, 53, 52, 65, 55],
  [300, 293, 334, 296, 336, 276, 283, 282, 295, 285],
] as const;

export const eyeOuterLeft = 33;
export const eyeOuterRight = 263;
export const foreheadTop = 10;
export const chin = 152;
export const noseTip = 4;
export const earLeft = 234;
export const earRight = 454;
