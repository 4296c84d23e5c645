-- Tenants: what bounds them, and when they were suspended and exported. NULL means unbounded, or never.
ALTER TABLE tenant ADD COLUMN most_users INTEGER CHECK (most_users > 0);
ALTER TABLE tenant ADD COLUMN most_sessions INTEGER CHECK (most_sessions > 0);
ALTER TABLE tenant ADD COLUMN suspended_at INTEGER;
ALTER TABLE tenant ADD COLUMN exported_at INTEGER;

CREATE TABLE tenant_host (
    host      TEXT NOT NULL PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenant (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tenant_origin (
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    origin    TEXT NOT NULL,
    PRIMARY KEY (tenant_id, origin)
) STRICT, WITHOUT ROWID;

-- An id is never given twice: secrets and tokens of its first owner may still be about.
CREATE TABLE deleted_tenant (
    id         TEXT    NOT NULL PRIMARY KEY,
    deleted_at INTEGER NOT NULL
) STRICT;

-- Failed logins in a row, by the keyed hash of what was typed, so that unknown accounts count like known ones. An
-- empty device stands for all devices the account has never logged in from.
CREATE TABLE login_failure (
    tenant_id TEXT    NOT NULL REFERENCES tenant (id),
    account   BLOB    NOT NULL,
    device    BLOB    NOT NULL,
    user_id   TEXT,
    failures  INTEGER NOT NULL CHECK (failures >= 0),
    last_at   INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, account, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX login_failure_unknown ON login_failure (last_at) WHERE user_id IS NULL;

CREATE TABLE known_device (
    tenant_id     TEXT    NOT NULL REFERENCES tenant (id),
    account       BLOB    NOT NULL,
    device        BLOB    NOT NULL,
    user_id       TEXT    NOT NULL,
    last_login_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, account, device)
) STRICT, WITHOUT ROWID;
