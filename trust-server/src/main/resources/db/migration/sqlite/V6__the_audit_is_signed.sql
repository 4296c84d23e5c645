-- What every other key is derived from, sealed under the master key: turning the master key touches this row alone.
CREATE TABLE root_key (
    id         INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    sealed     BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    wrapped_at INTEGER NOT NULL
) STRICT;

-- Set once the server was exported to move elsewhere: from then on it does not start.
ALTER TABLE server_state ADD COLUMN sealed_at INTEGER;

-- Where a tenant's audit chain ends, under a keyed hash: whoever cuts the tail off cannot make the row that fits.
CREATE TABLE audit_head (
    tenant_id TEXT    NOT NULL PRIMARY KEY,
    number    INTEGER NOT NULL,
    hash      BLOB    NOT NULL,
    -- adopted: rows written before there were heads; refound: the head was gone although there were rows.
    origin    TEXT    NOT NULL CHECK (origin IN ('first', 'adopted', 'refound')),
    mac       BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_checkpoint (
    tenant_id TEXT    NOT NULL,
    sequence  INTEGER NOT NULL,
    number    INTEGER NOT NULL,
    hash      BLOB    NOT NULL,
    at        INTEGER NOT NULL,
    -- SHA-256 of the signature before it.
    previous  BLOB    NOT NULL,
    signature BLOB    NOT NULL,
    PRIMARY KEY (tenant_id, sequence)
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_by_time ON audit (at, tenant_id, number);
