/** Keys are ours: a folder, a name, an ending. */
const KEY = /^[a-z]+\/[A-Za-z0-9_-]+\.[a-z0-9]+$/;

/** The key itself. Throws for anything else: that is a bug. */
export function checkFileKey(key: string): string {
  if (!KEY.test(key)) throw new Error(`not a file key: ${key}`);
  return key;
}
