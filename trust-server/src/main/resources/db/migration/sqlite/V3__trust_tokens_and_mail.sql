-- Times are microseconds since 1970-01-01T00:00Z. Every table with tenant data carries tenant_id.

-- One row: who signs. A token is bound to it, so that no other server's token is taken here.
CREATE TABLE token_issuer (
    id   INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    name TEXT    NOT NULL
) STRICT;

-- Keys of the server, not of a tenant. Published from the state next on, before the first token is signed with one.
CREATE TABLE signing_key (
    id            TEXT    NOT NULL PRIMARY KEY, -- k4.pid
    public_key    TEXT    NOT NULL,             -- k4.public
    -- Only while it may still sign, and never for a key that is given by the settings.
    sealed_seed   BLOB,
    origin        TEXT    NOT NULL CHECK (origin IN ('drawn', 'settings')),
    state         TEXT    NOT NULL CHECK (state IN ('next', 'signing', 'verifying', 'gone')),
    created_at    INTEGER NOT NULL,
    signing_since INTEGER,
    stopped_at    INTEGER,
    CHECK (sealed_seed IS NULL OR state IN ('next', 'signing'))
) STRICT;
CREATE UNIQUE INDEX signing_key_signs ON signing_key (state) WHERE state = 'signing';
CREATE UNIQUE INDEX signing_key_next ON signing_key (state) WHERE state = 'next';

-- The token itself is nowhere: a row says what may still be done with it.
CREATE TABLE trust_token (
    id            TEXT    NOT NULL PRIMARY KEY, -- jti
    tenant_id     TEXT    NOT NULL REFERENCES tenant (id),
    purpose       TEXT    NOT NULL CHECK (purpose IN ('email_verify', 'password_reset', 'invite', 'magic_link')),
    user_id       TEXT    REFERENCES user_account (id),
    email         TEXT    NOT NULL,
    user_type     TEXT,
    landing       TEXT,
    key_id        TEXT    NOT NULL REFERENCES signing_key (id),
    -- The revocation log's number at issue: a restore ends what was open before it.
    issued_number INTEGER NOT NULL,
    issued_by     TEXT    NOT NULL,
    issued_at     INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    state         TEXT    NOT NULL CHECK (state IN ('open', 'spent', 'revoked', 'superseded')),
    ended_at      INTEGER,
    end_reason    TEXT,
    ended_by      TEXT,
    -- What recognises the winner's repeated call, and what it is answered again.
    repeat_hash   BLOB,
    sealed_answer BLOB,
    CHECK ((state = 'open') = (ended_at IS NULL)),
    CHECK (purpose = 'invite' OR user_id IS NOT NULL)
) STRICT;
CREATE INDEX trust_token_by_email ON trust_token (tenant_id, email, purpose);
CREATE INDEX trust_token_by_user ON trust_token (tenant_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX trust_token_by_key ON trust_token (key_id, expires_at);
CREATE INDEX trust_token_newest ON trust_token (issued_at, id);

-- Somebody asked for a mail to an address. Written alike for known and unknown addresses; who is meant is found
-- afterwards, off the request.
CREATE TABLE mail_request (
    id         INTEGER NOT NULL PRIMARY KEY,
    tenant_id  TEXT    NOT NULL REFERENCES tenant (id),
    kind       TEXT    NOT NULL CHECK (kind IN ('email_verify', 'password_reset', 'magic_link', 'account_exists')),
    email      TEXT    NOT NULL,
    landing    TEXT,
    token_id   TEXT    NOT NULL,
    request_id TEXT    NOT NULL,
    asked_at   INTEGER NOT NULL,
    UNIQUE (tenant_id, kind, email)
) STRICT;

CREATE TABLE outbox_mail (
    id         TEXT    NOT NULL PRIMARY KEY,
    tenant_id  TEXT    NOT NULL REFERENCES tenant (id),
    template   TEXT    NOT NULL,
    recipient  TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    token_id   TEXT,
    -- Sealed with the master key; gone once the mail was handed over.
    sealed     BLOB,
    state      TEXT    NOT NULL CHECK (state IN ('kept', 'waiting', 'sent', 'failed')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    next_at    INTEGER,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    sent_at    INTEGER,
    CHECK ((state = 'waiting') = (next_at IS NOT NULL)),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
) STRICT;
CREATE INDEX outbox_mail_due ON outbox_mail (next_at) WHERE state = 'waiting';
CREATE INDEX outbox_mail_newest ON outbox_mail (created_at, id);
