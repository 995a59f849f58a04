/** What can't be ordered now, or here, in words for the page. */
export class OrderError extends Error {
  override name = 'OrderError';
}
