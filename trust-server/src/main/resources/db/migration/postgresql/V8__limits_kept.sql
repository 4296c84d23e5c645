-- Buckets of rate limits that outlive a restart, by a keyed hash of whose they are. A row that is paid until the past is
-- as good as none.
CREATE TABLE limit_bucket (
    bucket     BYTEA  NOT NULL PRIMARY KEY,
    paid_until BIGINT NOT NULL
);
CREATE INDEX limit_bucket_full ON limit_bucket (paid_until);
