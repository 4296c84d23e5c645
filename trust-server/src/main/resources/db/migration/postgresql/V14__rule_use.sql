-- What each rule decided in the last hour, minute by minute, on all servers together. Without a reason: all calls; with
-- one: those that were refused for it. A call that no rule decided has a word in the place of the route.
CREATE TABLE rule_use (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenant (id) DEFERRABLE,
    route     TEXT COLLATE "C" NOT NULL,
    minute    BIGINT NOT NULL,
    reason    TEXT COLLATE "C" NOT NULL,
    signal    TEXT COLLATE "C" NOT NULL,
    calls     BIGINT NOT NULL CHECK (calls > 0),
    PRIMARY KEY (tenant_id, route, minute, reason, signal)
);
