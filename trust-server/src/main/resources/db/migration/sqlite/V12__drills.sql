-- Runs of drills, for the tenant they were asked for. The sandbox is a tenant of its own while the run is under way: a
-- row that says running after its server ended tells the next start what to remove.
CREATE TABLE drill_run (
    id         TEXT    NOT NULL PRIMARY KEY,
    tenant_id  TEXT    NOT NULL REFERENCES tenant (id),
    node       TEXT    NOT NULL,
    sandbox    TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('running', 'ended', 'cancelled', 'failed', 'interrupted')),
    outcome    TEXT,
    actor      TEXT    NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    -- The report as JSON, exactly as it was signed; what it shows of requests is masked.
    report     TEXT,
    signed_at  TEXT,
    key_id     TEXT,
    public_key TEXT,
    signature  TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX drill_run_newest ON drill_run (tenant_id, started_at);

-- How each drill of a run ended.
CREATE TABLE drill_outcome (
    run_id    TEXT    NOT NULL REFERENCES drill_run (id) ON DELETE CASCADE,
    tenant_id TEXT    NOT NULL,
    drill     TEXT    NOT NULL,
    outcome   TEXT    NOT NULL CHECK (outcome IN ('holds', 'weak', 'open')),
    at        INTEGER NOT NULL,
    PRIMARY KEY (run_id, drill)
) STRICT, WITHOUT ROWID;
CREATE INDEX drill_outcome_newest ON drill_outcome (tenant_id, drill, at);
