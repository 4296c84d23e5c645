-- What an account says of itself. A name to log in with is unique in its tenant, like the address.
ALTER TABLE user_account ADD COLUMN user_name TEXT;
ALTER TABLE user_account ADD COLUMN phone TEXT;
ALTER TABLE user_account ADD COLUMN picture TEXT;
ALTER TABLE user_account ADD COLUMN dob TEXT;
ALTER TABLE user_account ADD COLUMN gender TEXT;
ALTER TABLE user_account ADD COLUMN reference_id TEXT;
ALTER TABLE user_account ADD COLUMN recovery_email TEXT;
ALTER TABLE user_account ADD COLUMN tmz TEXT;
ALTER TABLE user_account ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
-- A deleted account keeps its id, so that the audit stays readable, and nothing else of its person.
ALTER TABLE user_account ADD COLUMN deleted_at INTEGER;
CREATE UNIQUE INDEX user_by_name ON user_account (tenant_id, user_name) WHERE user_name IS NOT NULL;
CREATE INDEX user_newest ON user_account (created_at, id);

-- A session keeps its row and its reference when its id is renewed. Each id lasts lifetime_micros at most, and none
-- is given after renewable_until.
ALTER TABLE session ADD COLUMN lifetime_micros INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN renewable_until INTEGER NOT NULL DEFAULT 0;
UPDATE session SET lifetime_micros = absolute_end - created_at, renewable_until = absolute_end;
-- The keyed hash of the device cookie; device_hash is that of what the client told.
ALTER TABLE session ADD COLUMN device_cookie_hash BLOB;
-- How often a bridge call differed in a signal, while the tenant has a limit.
ALTER TABLE session ADD COLUMN mismatches INTEGER NOT NULL DEFAULT 0;

-- A session ends after so many mismatches; NULL for never.
ALTER TABLE tenant ADD COLUMN mismatch_limit INTEGER CHECK (mismatch_limit > 0);

-- Ids that a session had. During the grace one still opens it, and its successor can be had by whoever holds it: it
-- is sealed under a key derived from the id itself. Use after the grace ends the session.
CREATE TABLE session_replaced (
    id          BLOB    NOT NULL PRIMARY KEY,
    tenant_id   TEXT    NOT NULL REFERENCES tenant (id),
    ref         TEXT    NOT NULL REFERENCES session (ref) ON DELETE CASCADE,
    replaced_at INTEGER NOT NULL,
    grace_end   INTEGER NOT NULL,
    successor   BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX session_replaced_by_ref ON session_replaced (ref, grace_end);
CREATE INDEX session_replaced_sealed ON session_replaced (grace_end) WHERE successor IS NOT NULL;

-- Two more kinds: 'replaced' (what is remembered of a session's id is void) and 'changed' (what is remembered of a
-- user is). SQLite changes a CHECK only by a new table.
CREATE TABLE revocation_log_v2 (
    number     INTEGER NOT NULL PRIMARY KEY,
    kind       TEXT    NOT NULL
        CHECK (kind IN ('session', 'user', 'tenant', 'everything', 'undo', 'secret', 'replaced', 'changed')),
    tenant_id  TEXT,
    user_id    TEXT,
    session_id BLOB,
    at         INTEGER NOT NULL,
    reason     TEXT    NOT NULL,
    actor      TEXT    NOT NULL
) STRICT;
INSERT INTO revocation_log_v2 SELECT number, kind, tenant_id, user_id, session_id, at, reason, actor FROM revocation_log;
DROP TABLE revocation_log;
ALTER TABLE revocation_log_v2 RENAME TO revocation_log;
