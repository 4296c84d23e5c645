-- Alerts, of the whole server: what fired, when it cleared by itself, and what an administrator said of it.
CREATE TABLE alert (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    node            TEXT COLLATE "C" NOT NULL,
    rule            TEXT COLLATE "C" NOT NULL,
    subject         TEXT COLLATE "C" NOT NULL,
    since           BIGINT NOT NULL,
    cleared_at      BIGINT,
    seen_at         BIGINT NOT NULL,
    summary         TEXT COLLATE "C" NOT NULL,
    -- What was seen, as JSON: label and value, never a secret.
    evidence        TEXT COLLATE "C" NOT NULL,
    acknowledged_by TEXT COLLATE "C",
    acknowledged_at BIGINT,
    snoozed_by      TEXT COLLATE "C",
    snoozed_until   BIGINT
);
CREATE INDEX alert_newest ON alert (since);

-- When rules fire, where an administrator wants it otherwise.
CREATE TABLE alert_rule (
    rule       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    is_on      BIGINT NOT NULL CHECK (is_on IN (0, 1)),
    least      BIGINT NOT NULL CHECK (least >= 0),
    factor     BIGINT NOT NULL CHECK (factor >= 0),
    changed_at BIGINT NOT NULL,
    actor      TEXT COLLATE "C" NOT NULL
);
