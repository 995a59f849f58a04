/** Facts of a log line: never a token, a key or a URL. */
export type Log = (event: string, facts?: Record<string, string | number | boolean | null>) => void;
