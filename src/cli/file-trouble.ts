import { access, constants, open, rm, stat } from 'node:fs/promises';

/** Why a file operation failed, for the person who named the file. */
export function fileTrouble(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file or folder';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'a part of its path is a file, not a folder';
    case 'EACCES':
    case 'EPERM':
      return 'you have no permission';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full';
    default:
      return typeof code === 'string' ? code : String(error);
  }
}

/** A sentence where the file can't be read as one; undefined where it can. */
export async function inputProblem(path: string): Promise<string | undefined> {
  try {
    // A pipe or a device would be read without an end.
    const found = await stat(path);
    if (!found.isFile()) return `${path} cannot be read: ${found.isDirectory() ? 'it is a folder' : 'it is no plain file'}.`;
    await access(path, constants.R_OK);
    return undefined;
  } catch (error) {
    return `${path} cannot be read: ${fileTrouble(error)}.`;
  }
}

/** A sentence where nothing can be written to the path; tried by opening it, since rights alone don't tell. Leaves things as they were. */
export async function outputProblem(path: string): Promise<string | undefined> {
  try {
    const isNew = await stat(path).then(
      () => false,
      () => true,
    );
    await (await open(path, 'a')).close();
    if (isNew) await rm(path);
    return undefined;
  } catch (error) {
    return `${path} cannot be written: ${fileTrouble(error)}.`;
  }
}
