-- What a caller may do, from where, and how its words are read. Lists are comma-separated.
ALTER TABLE caller ADD COLUMN scopes TEXT NOT NULL DEFAULT 'validate';
ALTER TABLE caller ADD COLUMN networks TEXT NOT NULL DEFAULT '';
ALTER TABLE caller ADD COLUMN advanced_means TEXT NOT NULL DEFAULT 'device' CHECK (advanced_means IN ('device', 'agent'));
-- A secret must be shown when it is made, so a due rotation is only told of.
ALTER TABLE caller ADD COLUMN rotate_every_millis INTEGER CHECK (rotate_every_millis > 0);
ALTER TABLE caller ADD COLUMN rotate_overlap_millis INTEGER CHECK (rotate_overlap_millis >= 0);
ALTER TABLE caller ADD COLUMN rotate_due_at INTEGER;
ALTER TABLE caller ADD COLUMN rotate_told_at INTEGER;
-- A deleted caller stays, with its name free again, so that none of its secrets is ever accepted anew.
ALTER TABLE caller ADD COLUMN deleted_at INTEGER;

-- The announced end of an active secret: from this instant on it is not accepted. Decided at verification.
ALTER TABLE caller_secret ADD COLUMN accepted_until INTEGER;
ALTER TABLE caller_secret ADD COLUMN uses INTEGER NOT NULL DEFAULT 0;
ALTER TABLE caller_secret ADD COLUMN last_used_at INTEGER;

-- How often a caller used a right, or did something that should not stay so.
CREATE TABLE caller_use (
    tenant_id    TEXT    NOT NULL REFERENCES tenant (id),
    caller_id    TEXT    NOT NULL REFERENCES caller (id),
    kind         TEXT    NOT NULL,
    uses         INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    PRIMARY KEY (caller_id, kind)
) STRICT, WITHOUT ROWID;

-- Rows of kind 'secret' name the caller whose secrets changed; the version is null when all are meant.
ALTER TABLE revocation_log ADD COLUMN caller_id TEXT;
ALTER TABLE revocation_log ADD COLUMN secret_version INTEGER;

-- Versions are only ever added; the greatest is in force.
CREATE TABLE policy_version (
    tenant_id TEXT    NOT NULL REFERENCES tenant (id),
    version   INTEGER NOT NULL CHECK (version > 0),
    at        INTEGER NOT NULL,
    actor     TEXT    NOT NULL,
    note      TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE policy_rule (
    tenant_id       TEXT    NOT NULL,
    version         INTEGER NOT NULL,
    line            INTEGER NOT NULL CHECK (line > 0),
    method          TEXT    NOT NULL,
    pattern         TEXT    NOT NULL,
    mode            TEXT    NOT NULL CHECK (mode IN ('STANDARD', 'ADVANCED', 'STRICT')),
    rate_per_minute INTEGER CHECK (rate_per_minute > 0),
    ip_match        TEXT    NOT NULL CHECK (ip_match IN ('exact', 'prefix')),
    least_evidence  TEXT    NOT NULL CHECK (least_evidence IN ('told', 'cookie', 'key')),
    PRIMARY KEY (tenant_id, version, line),
    FOREIGN KEY (tenant_id, version) REFERENCES policy_version (tenant_id, version)
) STRICT, WITHOUT ROWID;
