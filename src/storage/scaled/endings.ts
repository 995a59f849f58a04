/** Read by a pattern, as in usage.ts: only a key of ours is followed by a colon, for quotes in foreign text are escaped. */
const OUTCOME = `substring(data from '"outcome":\\{"kind":"([a-z]+)"')`;

export const ENDINGS = `select closed_at_ms - closed_at_ms % 3600000 as "hourMs", ${OUTCOME} as outcome, count(*)::integer as count
  from hallo.renders where closed_at_ms >= $1 and phase = 'closed' group by 1, 2 order by 1, 2`;

export const LAST_FAILURES = `select * from hallo.renders where closed_at_ms >= $1 and phase = 'closed' and ${OUTCOME} = 'failed'
  order by closed_at_ms desc, seq desc limit $2`;
