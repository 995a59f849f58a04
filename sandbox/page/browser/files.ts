/** Files that a member hands in. */

/** What a file input offers, for types as Discord declares them: `image`, `audio`, `video` or endings with their dot. */
export function acceptOf(fileTypes: readonly string[]): string {
  return fileTypes.map(each => (each.startsWith('.') ? each : `${each}/*`)).join(',');
}

/** Whether a file is of one of the declared types; all are where none is declared. */
export function fits(file: File, fileTypes: readonly string[]): boolean {
  if (fileTypes.length === 0) return true;
  const name = file.name.toLowerCase();
  return fileTypes.some(each => (each.startsWith('.') ? name.endsWith(each) : file.type.startsWith(`${each}/`)));
}

const soundEndings = ['.wav', '.mp3', '.ogg', '.opus', '.m4a', '.flac', '.webm'];
const pictureEndings = ['.jpg', '.jpeg', '.png', '.webp', '.avif', '.gif'];

export const takesSound = (fileTypes: readonly string[]) =>
  fileTypes.some(each => each === 'audio' || soundEndings.includes(each));
export const takesPictures = (fileTypes: readonly string[]) =>
  fileTypes.some(each => each === 'image' || pictureEndings.includes(each));

/** The bundled portrait or voice, whichever fits. */
export async function sampleFor(fileTypes: readonly string[]): Promise<File | undefined> {
  const name = takesPictures(fileTypes) ? 'portrait.jpg' : takesSound(fileTypes) ? 'voice.wav' : undefined;
  if (name === undefined) return undefined;
  const blob = await (await fetch(`/samples/${name}`)).blob();
  return new File([blob], name, { type: blob.type });
}

/** Files that were dropped or pasted. Pasted pictures have no name of their own worth keeping apart. */
export function filesIn(transfer: DataTransfer | null): File[] {
  return [...(transfer?.files ?? [])];
}
