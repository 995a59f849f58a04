/** Power spectra of short windows, by an FFT of 512 places: at 16 kHz a place is 31.25 Hz. */

export const spectrumSize = 512;

/** In place, radix 2, decimation in time. */
function fft(real: Float64Array, imaginary: Float64Array, cosines: Float64Array, sines: Float64Array): void {
  const size = real.length;
  for (let at = 1, mirror = 0; at < size; at += 1) {
    let bit = size >> 1;
    for (; mirror & bit; bit >>= 1) mirror ^= bit;
    mirror ^= bit;
    if (at >= mirror) continue;
    const re = real[at] ?? 0;
    const im = imaginary[at] ?? 0;
    real[at] = real[mirror] ?? 0;
    imaginary[at] = imaginary[mirror] ?? 0;
    real[mirror] = re;
    imaginary[mirror] = im;
  }
  for (let half = 1; half < size; half *= 2) {
    const stride = size / (half * 2);
    for (let start = 0; start < size; start += half * 2) {
      for (let pair = 0; pair < half; pair += 1) {
        const low = start + pair;
        const high = low + half;
        const cosine = cosines[pair * stride] ?? 0;
        const sine = sines[pair * stride] ?? 0;
        const re = (real[high] ?? 0) * cosine + (imaginary[high] ?? 0) * sine;
        const im = (imaginary[high] ?? 0) * cosine - (real[high] ?? 0) * sine;
        real[high] = (real[low] ?? 0) - re;
        imaginary[high] = (imaginary[low] ?? 0) - im;
        real[low] = (real[low] ?? 0) + re;
        imaginary[low] = (imaginary[low] ?? 0) + im;
      }
    }
  }
}

/** Answers a function from a window (at most 512 samples, padded by zeros) to its power at 0…256; one buffer, used again. */
export function createSpectrum(): (window: Float64Array) => Float64Array {
  const real = new Float64Array(spectrumSize);
  const imaginary = new Float64Array(spectrumSize);
  const angle = (at: number) => (2 * Math.PI * at) / spectrumSize;
  const cosines = Float64Array.from({ length: spectrumSize / 2 }, (_, at) => Math.cos(angle(at)));
  const sines = Float64Array.from({ length: spectrumSize / 2 }, (_, at) => Math.sin(angle(at)));
  const power = new Float64Array(spectrumSize / 2 + 1);
  return window => {
    real.fill(0);
    imaginary.fill(0);
    real.set(window);
    fft(real, imaginary, cosines, sines);
    for (let at = 0; at < power.length; at += 1) power[at] = (real[at] ?? 0) ** 2 + (imaginary[at] ?? 0) ** 2;
    return power;
  };
}
