-- What each rule decided in the last hour, minute by minute, on all servers together. Without a reason: all calls; with
-- one: those that were refused for it. A call that no rule decided has a word in the place of the route.
CREATE TABLE rule_use (
    tenant_id TEXT    NOT NULL REFERENCES tenant (id),
    route     TEXT    NOT NULL,
    minute    INTEGER NOT NULL,
    reason    TEXT    NOT NULL,
    signal    TEXT    NOT NULL,
    calls     INTEGER NOT NULL CHECK (calls > 0),
    PRIMARY KEY (tenant_id, route, minute, reason, signal)
) STRICT, WITHOUT ROWID;
