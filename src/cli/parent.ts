const LOOK_EVERY_MS = 250;
/** As early as can be: a parent that goes while the program still starts is missed too. */
const parent = process.ppid;
const hasChannel = process.channel !== undefined;

/**
 * Tells once when who started this process is gone: its channel to us closed, or the shell between npm and us ended (npm asks
 * that shell to end, and the shell passes no signal on). Started in any other way, a process outlives its parent as usual.
 */
export function onParentGone(gone: () => void): void {
  if (hasChannel && !process.connected) {
    gone();
    return;
  }
  if (hasChannel) process.once('disconnect', gone);
  if (process.env.npm_lifecycle_event === undefined) return;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    gone();
  }, LOOK_EVERY_MS);
  look.unref();
}
