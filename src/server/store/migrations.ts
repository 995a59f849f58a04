/**
 * The database's history: entry n brings a database from version n to n + 1 (`PRAGMA user_version`). Entries are only ever
 * added. Times are epoch milliseconds.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE requests (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     mode TEXT NOT NULL CHECK (mode IN ('async', 'sync')),
     state TEXT NOT NULL CHECK (state IN ('QUEUED', 'PROCESSING', 'COMPLETED', 'FAILED')),
     received_at INTEGER NOT NULL,
     started_at INTEGER,
     ended_at INTEGER,
     starts INTEGER NOT NULL DEFAULT 0,
     job TEXT,
     error TEXT,
     output TEXT,
     cost_usd REAL,
     remaining_usd REAL,
     swept INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE INDEX requests_open ON requests (state) WHERE state IN ('QUEUED', 'PROCESSING');
   CREATE INDEX requests_age ON requests (received_at) WHERE swept = 0;
   CREATE TABLE files (
     name TEXT PRIMARY KEY,
     content_type TEXT NOT NULL,
     size_bytes INTEGER NOT NULL,
     expires_at INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX files_age ON files (expires_at);`,
];
