-- What the migrations up to V6 made on SQLite; from here on both folders have the same numbers.
-- Times are microseconds since 1970-01-01T00:00Z. Every table with tenant data carries tenant_id. Texts sort by their
-- bytes, as on SQLite, whatever the database's locale. References can be deferred, so that a tenant's rows may be
-- removed in any order.

CREATE TABLE tenant (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name            TEXT COLLATE "C" NOT NULL,
    state           TEXT COLLATE "C" NOT NULL CHECK (state IN ('active', 'suspended')),
    -- Sessions opened under a smaller number of the revocation log are dead.
    revoked_through BIGINT NOT NULL DEFAULT 0,
    created_at      BIGINT NOT NULL,
    -- A session ends after so many mismatches; NULL for never.
    mismatch_limit  BIGINT CHECK (mismatch_limit > 0),
    -- NULL means unbounded, or never.
    most_users      BIGINT CHECK (most_users > 0),
    most_sessions   BIGINT CHECK (most_sessions > 0),
    suspended_at    BIGINT,
    exported_at     BIGINT
);

CREATE TABLE tenant_host (
    host      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenant (id) DEFERRABLE
);
CREATE INDEX tenant_host_by_tenant ON tenant_host (tenant_id);

CREATE TABLE tenant_origin (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenant (id) DEFERRABLE,
    origin    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, origin)
);

-- An id is never given twice: secrets and tokens of its first owner may still be about.
CREATE TABLE deleted_tenant (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    deleted_at BIGINT NOT NULL
);

-- One row. log_number is the counter of the revocation log; it changes in the transaction that takes it, so that
-- commit order is number order.
CREATE TABLE server_state (
    id                 BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    log_number         BIGINT NOT NULL,
    everything_through BIGINT NOT NULL DEFAULT 0,
    created_at         BIGINT NOT NULL,
    -- Set once the server was exported to move elsewhere: from then on it does not start.
    sealed_at          BIGINT
);

-- What every other key is derived from, sealed under the master key: turning the master key touches this row alone.
CREATE TABLE root_key (
    id         BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    sealed     BYTEA  NOT NULL,
    created_at BIGINT NOT NULL,
    wrapped_at BIGINT NOT NULL
);

CREATE TABLE user_account (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tenant_id       TEXT COLLATE "C" NOT NULL REFERENCES tenant (id) DEFERRABLE,
    email           TEXT COLLATE "C" NOT NULL,
    name            TEXT COLLATE "C" NOT NULL,
    last_name       TEXT COLLATE "C" NOT NULL,
    user_type       TEXT COLLATE "C" NOT NULL,
    lang            TEXT COLLATE "C" NOT NULL,
    is_verified     BIGINT NOT NULL CHECK (is_verified IN (0, 1)),
    state           TEXT COLLATE "C" NOT NULL CHECK (state IN ('active', 'disabled')),
    password_hash   TEXT COLLATE "C" NOT NULL,
    revoked_through BIGINT NOT NULL DEFAULT 0,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    last_login_at   BIGINT,
    -- A name to log in with is unique in its tenant, like the address.
    user_name       TEXT COLLATE "C",
    phone           TEXT COLLATE "C",
    picture         TEXT COLLATE "C",
    dob             TEXT COLLATE "C",
    gender          TEXT COLLATE "C",
    reference_id    TEXT COLLATE "C",
    recovery_email  TEXT COLLATE "C",
    tmz             TEXT COLLATE "C",
    metadata        TEXT COLLATE "C" NOT NULL DEFAULT '{}',
    -- A deleted account keeps its id, so that the audit stays readable, and nothing else of its person.
    deleted_at      BIGINT,
    UNIQUE (tenant_id, email)
);
CREATE UNIQUE INDEX user_by_name ON user_account (tenant_id, user_name) WHERE user_name IS NOT NULL;
CREATE INDEX user_newest ON user_account (created_at, id);

CREATE TABLE session (
    id                 BYTEA NOT NULL PRIMARY KEY,
    ref                TEXT COLLATE "C" NOT NULL UNIQUE,
    tenant_id          TEXT COLLATE "C" NOT NULL REFERENCES tenant (id) DEFERRABLE,
    user_id            TEXT COLLATE "C" NOT NULL REFERENCES user_account (id) DEFERRABLE,
    opened_number      BIGINT NOT NULL,
    ip                 TEXT COLLATE "C",
    ip_bytes           BYTEA,
    -- The keyed hash of what the client told of its device.
    device_hash        BYTEA,
    device_evidence    TEXT COLLATE "C" CHECK (device_evidence IN ('told', 'cookie', 'key')),
    agent              TEXT COLLATE "C",
    -- Only a session that is fully logged in can be trusted over the bridge.
    level              TEXT COLLATE "C" NOT NULL CHECK (level IN ('full', 'pending')),
    created_at         BIGINT NOT NULL,
    absolute_end       BIGINT NOT NULL,
    idle_micros        BIGINT NOT NULL CHECK (idle_micros > 0),
    last_seen_at       BIGINT NOT NULL,
    strictest_mode     TEXT COLLATE "C" CHECK (strictest_mode IN ('STANDARD', 'ADVANCED', 'STRICT')),
    ended_at           BIGINT,
    end_number         BIGINT,
    end_reason         TEXT COLLATE "C",
    ended_by           TEXT COLLATE "C",
    -- Set while a revocation is held: until then it can be restored.
    undo_until         BIGINT,
    -- A session keeps its row and its reference when its id is renewed. Each id lasts lifetime_micros at most, and
    -- none is given after renewable_until.
    lifetime_micros    BIGINT NOT NULL DEFAULT 0,
    renewable_until    BIGINT NOT NULL DEFAULT 0,
    -- The keyed hash of the device cookie.
    device_cookie_hash BYTEA,
    -- How often a bridge call differed in a signal, while the tenant has a limit.
    mismatches         BIGINT NOT NULL DEFAULT 0,
    CHECK ((ended_at IS NULL) = (end_number IS NULL)),
    CHECK (undo_until IS NULL OR ended_at IS NOT NULL)
);
CREATE INDEX session_by_user ON session (tenant_id, user_id, created_at);
CREATE INDEX session_newest ON session (created_at, ref);
CREATE INDEX session_not_ended ON session (user_id, opened_number, last_seen_at, idle_micros, absolute_end)
    WHERE ended_at IS NULL;

-- Ids that a session had. During the grace one still opens it, and its successor can be had by whoever holds it: it
-- is sealed under a key derived from the id itself. Use after the grace ends the session.
CREATE TABLE session_replaced (
    id          BYTEA NOT NULL PRIMARY KEY,
    tenant_id   TEXT COLLATE "C" NOT NULL REFERENCES tenant (id) DEFERRABLE,
    ref         TEXT COLLATE "C" NOT NULL REFERENCES session (ref) ON DELETE CASCADE DEFERRABLE,
    replaced_at BIGINT NOT NULL,
    grace_end   BIGINT NOT NULL,
    successor   BYTEA
);
CREATE INDEX session_replaced_by_ref ON session_replaced (ref, grace_end);
CREATE INDEX session_replaced_sealed ON session_replaced (grace_end) WHERE successor IS NOT NULL;

-- Every revocation, and every undo of one, in the order it holds. Kind 'replaced': what is remembered of a session's
-- id is void; 'changed': what is remembered of a user is; 'secret' names the caller whose secrets changed, and the
-- version is null when all are meant.
CREATE TABLE revocation_log (
    number         BIGINT NOT NULL PRIMARY KEY,
    kind           TEXT COLLATE "C" NOT NULL
        CHECK (kind IN ('session', 'user', 'tenant', 'everything', 'undo', 'secret', 'replaced', 'changed')),
    tenant_id      TEXT COLLATE "C",
    user_id        TEXT COLLATE "C",
    session_id     BYTEA,
    at             BIGINT NOT NULL,
    reason         TEXT COLLATE "C" NOT NULL,
    actor          TEXT COLLATE "C" NOT NULL,
    caller_id      TEXT COLLATE "C",
    secret_version BIGINT
);

CREATE TABLE caller (
    id                    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tenant_id             TEXT COLLATE "C" NOT NULL REFERENCES tenant (id) DEFERRABLE,
    name                  TEXT COLLATE "C" NOT NULL,
    kit                   TEXT COLLATE "C" NOT NULL CHECK (kit IN ('drawbridge', 'flowfull')),
    signals               TEXT COLLATE "C" NOT NULL CHECK (signals IN ('required', 'when-sent')),
    floor_mode            TEXT COLLATE "C" NOT NULL CHECK (floor_mode IN ('STANDARD', 'ADVANCED', 'STRICT')),
    lease_millis          BIGINT NOT NULL CHECK (lease_millis >= 0),
    created_at            BIGINT NOT NULL,
    -- What a caller may do, from where, and how its words are read. Lists are comma-separated.
    scopes                TEXT COLLATE "C" NOT NULL DEFAULT 'validate',
    networks              TEXT COLLATE "C" NOT NULL DEFAULT '',
    advanced_means        TEXT COLLATE "C" NOT NULL DEFAULT 'device' CHECK (advanced_means IN ('device', 'agent')),
    -- A secret must be shown when it is made, so a due rotation is only told of.
    rotate_every_millis   BIGINT CHECK (rotate_every_millis > 0),
    rotate_overlap_millis BIGINT CHECK (rotate_overlap_millis >= 0),
    rotate_due_at         BIGINT,
    rotate_told_at        BIGINT,
    -- A deleted caller stays, with its name free again, so that none of its secrets is ever accepted anew.
    deleted_at            BIGINT,
    UNIQUE (tenant_id, name)
);

-- Secrets are found by lookup_hash and confirmed by confirm_hash, both keyed; the secret itself is nowhere.
CREATE TABLE caller_secret (
    lookup_hash    BYTEA NOT NULL PRIMARY KEY,
    confirm_hash   BYTEA NOT NULL,
    tenant_id      TEXT COLLATE "C" NOT NULL REFERENCES tenant (id) DEFERRABLE,
    caller_id      TEXT COLLATE "C" NOT NULL REFERENCES caller (id) DEFERRABLE,
    version        BIGINT NOT NULL,
    origin         TEXT COLLATE "C" NOT NULL CHECK (origin IN ('environment', 'admin')),
    state          TEXT COLLATE "C" NOT NULL CHECK (state IN ('active', 'retired', 'burned')),
    created_at     BIGINT NOT NULL,
    ended_at       BIGINT,
    -- The announced end of an active secret: from this instant on it is not accepted. Decided at verification.
    accepted_until BIGINT,
    uses           BIGINT NOT NULL DEFAULT 0,
    last_used_at   BIGINT,
    UNIQUE (caller_id, version)
);

-- How often a caller used a right, or did something that should not stay so.
CREATE TABLE caller_use (
    tenant_id    TEXT COLLATE "C" NOT NULL REFERENCES tenant (id) DEFERRABLE,
    caller_id    TEXT COLLATE "C" NOT NULL REFERENCES caller (id) DEFERRABLE,
    kind         TEXT COLLATE "C" NOT NULL,
    uses         BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    PRIMARY KEY (caller_id, kind)
);

-- Versions are only ever added; the greatest is in force.
CREATE TABLE policy_version (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenant (id) DEFERRABLE,
    version   BIGINT NOT NULL CHECK (version > 0),
    at        BIGINT NOT NULL,
    actor     TEXT COLLATE "C" NOT NULL,
    note      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, version)
);

CREATE TABLE policy_rule (
    tenant_id       TEXT COLLATE "C" NOT NULL,
    version         BIGINT NOT NULL,
    line            BIGINT NOT NULL CHECK (line > 0),
    method          TEXT COLLATE "C" NOT NULL,
    pattern         TEXT COLLATE "C" NOT NULL,
    mode            TEXT COLLATE "C" NOT NULL CHECK (mode IN ('STANDARD', 'ADVANCED', 'STRICT')),
    rate_per_minute BIGINT CHECK (rate_per_minute > 0),
    ip_match        TEXT COLLATE "C" NOT NULL CHECK (ip_match IN ('exact', 'prefix')),
    least_evidence  TEXT COLLATE "C" NOT NULL CHECK (least_evidence IN ('told', 'cookie', 'key')),
    PRIMARY KEY (tenant_id, version, line),
    FOREIGN KEY (tenant_id, version) REFERENCES policy_version (tenant_id, version) DEFERRABLE
);

-- Failed logins in a row, by the keyed hash of what was typed, so that unknown accounts count like known ones. An
-- empty device stands for all devices the account has never logged in from.
CREATE TABLE login_failure (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenant (id) DEFERRABLE,
    account   BYTEA  NOT NULL,
    device    BYTEA  NOT NULL,
    user_id   TEXT COLLATE "C",
    failures  BIGINT NOT NULL CHECK (failures >= 0),
    last_at   BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, account, device)
);
CREATE INDEX login_failure_unknown ON login_failure (last_at) WHERE user_id IS NULL;

CREATE TABLE known_device (
    tenant_id     TEXT COLLATE "C" NOT NULL REFERENCES tenant (id) DEFERRABLE,
    account       BYTEA  NOT NULL,
    device        BYTEA  NOT NULL,
    user_id       TEXT COLLATE "C" NOT NULL,
    last_login_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, account, device)
);

-- One row: who signs. A token is bound to it, so that no other server's token is taken here.
CREATE TABLE token_issuer (
    id   BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    name TEXT COLLATE "C" NOT NULL
);

-- Keys of the server, not of a tenant. Published from the state next on, before the first token is signed with one.
CREATE TABLE signing_key (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- k4.pid
    public_key    TEXT COLLATE "C" NOT NULL,             -- k4.public
    -- Only while it may still sign, and never for a key that is given by the settings.
    sealed_seed   BYTEA,
    origin        TEXT COLLATE "C" NOT NULL CHECK (origin IN ('drawn', 'settings')),
    state         TEXT COLLATE "C" NOT NULL CHECK (state IN ('next', 'signing', 'verifying', 'gone')),
    created_at    BIGINT NOT NULL,
    signing_since BIGINT,
    stopped_at    BIGINT,
    CHECK (sealed_seed IS NULL OR state IN ('next', 'signing'))
);
CREATE UNIQUE INDEX signing_key_signs ON signing_key (state) WHERE state = 'signing';
CREATE UNIQUE INDEX signing_key_next ON signing_key (state) WHERE state = 'next';

-- The token itself is nowhere: a row says what may still be done with it.
CREATE TABLE trust_token (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- jti
    tenant_id     TEXT COLLATE "C" NOT NULL REFERENCES tenant (id) DEFERRABLE,
    purpose       TEXT COLLATE "C" NOT NULL
        CHECK (purpose IN ('email_verify', 'password_reset', 'invite', 'magic_link')),
    user_id       TEXT COLLATE "C" REFERENCES user_account (id) DEFERRABLE,
    email         TEXT COLLATE "C" NOT NULL,
    user_type     TEXT COLLATE "C",
    landing       TEXT COLLATE "C",
    key_id        TEXT COLLATE "C" NOT NULL REFERENCES signing_key (id) DEFERRABLE,
    -- The revocation log's number at issue: a restore ends what was open before it.
    issued_number BIGINT NOT NULL,
    issued_by     TEXT COLLATE "C" NOT NULL,
    issued_at     BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    state         TEXT COLLATE "C" NOT NULL CHECK (state IN ('open', 'spent', 'revoked', 'superseded')),
    ended_at      BIGINT,
    end_reason    TEXT COLLATE "C",
    ended_by      TEXT COLLATE "C",
    -- What recognises the winner's repeated call, and what it is answered again.
    repeat_hash   BYTEA,
    sealed_answer BYTEA,
    CHECK ((state = 'open') = (ended_at IS NULL)),
    CHECK (purpose = 'invite' OR user_id IS NOT NULL)
);
CREATE INDEX trust_token_by_email ON trust_token (tenant_id, email, purpose);
CREATE INDEX trust_token_by_user ON trust_token (tenant_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX trust_token_by_key ON trust_token (key_id, expires_at);
CREATE INDEX trust_token_newest ON trust_token (issued_at, id);

-- Somebody asked for a mail to an address. Written alike for known and unknown addresses; who is meant is found
-- afterwards, off the request.
CREATE TABLE mail_request (
    id         BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    tenant_id  TEXT COLLATE "C" NOT NULL REFERENCES tenant (id) DEFERRABLE,
    kind       TEXT COLLATE "C" NOT NULL
        CHECK (kind IN ('email_verify', 'password_reset', 'magic_link', 'account_exists')),
    email      TEXT COLLATE "C" NOT NULL,
    landing    TEXT COLLATE "C",
    token_id   TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    asked_at   BIGINT NOT NULL,
    UNIQUE (tenant_id, kind, email)
);

CREATE TABLE outbox_mail (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tenant_id  TEXT COLLATE "C" NOT NULL REFERENCES tenant (id) DEFERRABLE,
    template   TEXT COLLATE "C" NOT NULL,
    recipient  TEXT COLLATE "C" NOT NULL,
    subject    TEXT COLLATE "C" NOT NULL,
    token_id   TEXT COLLATE "C",
    -- Sealed with the master key; gone once the mail was handed over.
    sealed     BYTEA,
    state      TEXT COLLATE "C" NOT NULL CHECK (state IN ('kept', 'waiting', 'sent', 'failed')),
    attempts   BIGINT NOT NULL DEFAULT 0,
    next_at    BIGINT,
    last_error TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    sent_at    BIGINT,
    CHECK ((state = 'waiting') = (next_at IS NOT NULL)),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX outbox_mail_due ON outbox_mail (next_at) WHERE state = 'waiting';
CREATE INDEX outbox_mail_newest ON outbox_mail (created_at, id);

CREATE TABLE audit (
    tenant_id  TEXT COLLATE "C" NOT NULL,
    number     BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    actor      TEXT COLLATE "C" NOT NULL,
    user_id    TEXT COLLATE "C",
    ref        TEXT COLLATE "C",
    ip         TEXT COLLATE "C",
    agent      TEXT COLLATE "C",
    route      TEXT COLLATE "C",
    mode       TEXT COLLATE "C",
    reason     TEXT COLLATE "C",
    signal     TEXT COLLATE "C",
    request_id TEXT COLLATE "C",
    detail     TEXT COLLATE "C",
    hash       BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, number)
);
CREATE INDEX audit_by_ref ON audit (tenant_id, ref, number) WHERE ref IS NOT NULL;
CREATE INDEX audit_by_user ON audit (tenant_id, user_id, number) WHERE user_id IS NOT NULL;
CREATE INDEX audit_by_time ON audit (at, tenant_id, number);

-- Where a tenant's audit chain ends, under a keyed hash: whoever cuts the tail off cannot make the row that fits.
CREATE TABLE audit_head (
    tenant_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    number    BIGINT NOT NULL,
    hash      BYTEA  NOT NULL,
    -- adopted: rows written before there were heads; refound: the head was gone although there were rows.
    origin    TEXT COLLATE "C" NOT NULL CHECK (origin IN ('first', 'adopted', 'refound')),
    mac       BYTEA  NOT NULL
);

CREATE TABLE audit_checkpoint (
    tenant_id TEXT COLLATE "C" NOT NULL,
    sequence  BIGINT NOT NULL,
    number    BIGINT NOT NULL,
    hash      BYTEA  NOT NULL,
    at        BIGINT NOT NULL,
    -- SHA-256 of the signature before it.
    previous  BYTEA  NOT NULL,
    signature BYTEA  NOT NULL,
    PRIMARY KEY (tenant_id, sequence)
);
