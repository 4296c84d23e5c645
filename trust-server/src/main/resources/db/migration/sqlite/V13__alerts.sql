-- Alerts, of the whole server: what fired, when it cleared by itself, and what an administrator said of it.
CREATE TABLE alert (
    id              TEXT    NOT NULL PRIMARY KEY,
    node            TEXT    NOT NULL,
    rule            TEXT    NOT NULL,
    subject         TEXT    NOT NULL,
    since           INTEGER NOT NULL,
    cleared_at      INTEGER,
    seen_at         INTEGER NOT NULL,
    summary         TEXT    NOT NULL,
    -- What was seen, as JSON: label and value, never a secret.
    evidence        TEXT    NOT NULL,
    acknowledged_by TEXT,
    acknowledged_at INTEGER,
    snoozed_by      TEXT,
    snoozed_until   INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_newest ON alert (since);

-- When rules fire, where an administrator wants it otherwise.
CREATE TABLE alert_rule (
    rule       TEXT    NOT NULL PRIMARY KEY,
    is_on      INTEGER NOT NULL CHECK (is_on IN (0, 1)),
    least      INTEGER NOT NULL CHECK (least >= 0),
    factor     INTEGER NOT NULL CHECK (factor >= 0),
    changed_at INTEGER NOT NULL,
    actor      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
