-- Servers that share this database: what each has applied of the revocation log. A row is one life of a node; without
-- it there is no lease. No times: each node measures by its own clock.
CREATE TABLE node (
    incarnation INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name        TEXT    NOT NULL,
    applied     INTEGER NOT NULL,
    renewals    INTEGER NOT NULL DEFAULT 0,
    version     TEXT    NOT NULL,
    url         TEXT    NOT NULL
) STRICT;

-- One more kind: 'settings' (what is remembered of them is void; the reason says which). SQLite changes a CHECK only by
-- a new table.
CREATE TABLE revocation_log_v3 (
    number         INTEGER NOT NULL PRIMARY KEY,
    kind           TEXT    NOT NULL
        CHECK (kind IN ('session', 'user', 'tenant', 'everything', 'undo', 'secret', 'replaced', 'changed', 'settings')),
    tenant_id      TEXT,
    user_id        TEXT,
    session_id     BLOB,
    at             INTEGER NOT NULL,
    reason         TEXT    NOT NULL,
    actor          TEXT    NOT NULL,
    caller_id      TEXT,
    secret_version INTEGER
) STRICT;
INSERT INTO revocation_log_v3 SELECT number, kind, tenant_id, user_id, session_id, at, reason, actor, caller_id,
    secret_version FROM revocation_log;
DROP TABLE revocation_log;
ALTER TABLE revocation_log_v3 RENAME TO revocation_log;
