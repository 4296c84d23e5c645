-- Runs of drills, for the tenant they were asked for. The sandbox is a tenant of its own while the run is under way: a
-- row that says running after its server ended tells the next start what to remove.
CREATE TABLE drill_run (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tenant_id  TEXT COLLATE "C" NOT NULL REFERENCES tenant (id) DEFERRABLE,
    node       TEXT COLLATE "C" NOT NULL,
    sandbox    TEXT COLLATE "C" NOT NULL,
    state      TEXT COLLATE "C" NOT NULL CHECK (state IN ('running', 'ended', 'cancelled', 'failed', 'interrupted')),
    outcome    TEXT COLLATE "C",
    actor      TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT,
    -- The report as JSON, exactly as it was signed; what it shows of requests is masked.
    report     TEXT COLLATE "C",
    signed_at  TEXT COLLATE "C",
    key_id     TEXT COLLATE "C",
    public_key TEXT COLLATE "C",
    signature  TEXT COLLATE "C"
);
CREATE INDEX drill_run_newest ON drill_run (tenant_id, started_at);

-- How each drill of a run ended.
CREATE TABLE drill_outcome (
    run_id    TEXT COLLATE "C" NOT NULL REFERENCES drill_run (id) ON DELETE CASCADE DEFERRABLE,
    tenant_id TEXT COLLATE "C" NOT NULL,
    drill     TEXT COLLATE "C" NOT NULL,
    outcome   TEXT COLLATE "C" NOT NULL CHECK (outcome IN ('holds', 'weak', 'open')),
    at        BIGINT NOT NULL,
    PRIMARY KEY (run_id, drill)
);
CREATE INDEX drill_outcome_newest ON drill_outcome (tenant_id, drill, at);
