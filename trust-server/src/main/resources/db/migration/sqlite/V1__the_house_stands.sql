-- Times are microseconds since 1970-01-01T00:00Z. Every table with tenant data carries tenant_id.

CREATE TABLE tenant (
    id              TEXT    NOT NULL PRIMARY KEY,
    name            TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('active', 'suspended')),
    -- Sessions opened under a smaller number of the revocation log are dead.
    revoked_through INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL
) STRICT;

-- One row. log_number is the counter of the revocation log; it changes in the transaction that takes it, so that
-- commit order is number order.
CREATE TABLE server_state (
    id                 INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    log_number         INTEGER NOT NULL,
    everything_through INTEGER NOT NULL DEFAULT 0,
    created_at         INTEGER NOT NULL
) STRICT;

CREATE TABLE user_account (
    id              TEXT    NOT NULL PRIMARY KEY,
    tenant_id       TEXT    NOT NULL REFERENCES tenant (id),
    email           TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    last_name       TEXT    NOT NULL,
    user_type       TEXT    NOT NULL,
    lang            TEXT    NOT NULL,
    is_verified     INTEGER NOT NULL CHECK (is_verified IN (0, 1)),
    state           TEXT    NOT NULL CHECK (state IN ('active', 'disabled')),
    password_hash   TEXT    NOT NULL,
    revoked_through INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    last_login_at   INTEGER,
    UNIQUE (tenant_id, email)
) STRICT;

CREATE TABLE session (
    id              BLOB    NOT NULL PRIMARY KEY,
    ref             TEXT    NOT NULL UNIQUE,
    tenant_id       TEXT    NOT NULL REFERENCES tenant (id),
    user_id         TEXT    NOT NULL REFERENCES user_account (id),
    opened_number   INTEGER NOT NULL,
    ip              TEXT,
    ip_bytes        BLOB,
    device_hash     BLOB,
    device_evidence TEXT    CHECK (device_evidence IN ('told', 'cookie', 'key')),
    agent           TEXT,
    -- Only a session that is fully logged in can be trusted over the bridge.
    level           TEXT    NOT NULL CHECK (level IN ('full', 'pending')),
    created_at      INTEGER NOT NULL,
    absolute_end    INTEGER NOT NULL,
    idle_micros     INTEGER NOT NULL CHECK (idle_micros > 0),
    last_seen_at    INTEGER NOT NULL,
    strictest_mode  TEXT    CHECK (strictest_mode IN ('STANDARD', 'ADVANCED', 'STRICT')),
    ended_at        INTEGER,
    end_number      INTEGER,
    end_reason      TEXT,
    ended_by        TEXT,
    -- Set while a revocation is held: until then it can be restored.
    undo_until      INTEGER,
    CHECK ((ended_at IS NULL) = (end_number IS NULL)),
    CHECK (undo_until IS NULL OR ended_at IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_user ON session (tenant_id, user_id, created_at);
CREATE INDEX session_newest ON session (created_at, ref);
CREATE INDEX session_not_ended ON session (user_id, opened_number, last_seen_at, idle_micros, absolute_end)
    WHERE ended_at IS NULL;

-- Every revocation, and every undo of one, in the order it holds.
CREATE TABLE revocation_log (
    number     INTEGER NOT NULL PRIMARY KEY,
    kind       TEXT    NOT NULL CHECK (kind IN ('session', 'user', 'tenant', 'everything', 'undo', 'secret')),
    tenant_id  TEXT,
    user_id    TEXT,
    session_id BLOB,
    at         INTEGER NOT NULL,
    reason     TEXT    NOT NULL,
    actor      TEXT    NOT NULL
) STRICT;

CREATE TABLE caller (
    id             TEXT    NOT NULL PRIMARY KEY,
    tenant_id      TEXT    NOT NULL REFERENCES tenant (id),
    name           TEXT    NOT NULL,
    kit            TEXT    NOT NULL CHECK (kit IN ('drawbridge', 'flowfull')),
    signals        TEXT    NOT NULL CHECK (signals IN ('required', 'when-sent')),
    floor_mode     TEXT    NOT NULL CHECK (floor_mode IN ('STANDARD', 'ADVANCED', 'STRICT')),
    lease_millis   INTEGER NOT NULL CHECK (lease_millis >= 0),
    created_at     INTEGER NOT NULL,
    UNIQUE (tenant_id, name)
) STRICT;

-- Secrets are found by lookup_hash and confirmed by confirm_hash, both keyed; the secret itself is nowhere.
CREATE TABLE caller_secret (
    lookup_hash  BLOB    NOT NULL PRIMARY KEY,
    confirm_hash BLOB    NOT NULL,
    tenant_id    TEXT    NOT NULL REFERENCES tenant (id),
    caller_id    TEXT    NOT NULL REFERENCES caller (id),
    version      INTEGER NOT NULL,
    origin       TEXT    NOT NULL CHECK (origin IN ('environment', 'admin')),
    state        TEXT    NOT NULL CHECK (state IN ('active', 'retired', 'burned')),
    created_at   INTEGER NOT NULL,
    ended_at     INTEGER,
    UNIQUE (caller_id, version)
) STRICT;

CREATE TABLE audit (
    tenant_id  TEXT    NOT NULL,
    number     INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    actor      TEXT    NOT NULL,
    user_id    TEXT,
    ref        TEXT,
    ip         TEXT,
    agent      TEXT,
    route      TEXT,
    mode       TEXT,
    reason     TEXT,
    signal     TEXT,
    request_id TEXT,
    detail     TEXT,
    hash       BLOB    NOT NULL,
    PRIMARY KEY (tenant_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_by_ref ON audit (tenant_id, ref, number) WHERE ref IS NOT NULL;
CREATE INDEX audit_by_user ON audit (tenant_id, user_id, number) WHERE user_id IS NOT NULL;
