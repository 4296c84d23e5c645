-- Which database this is, drawn at random: copies kept elsewhere are good for that database only.
ALTER TABLE server_state ADD COLUMN identity BYTEA;

-- The most recently active sessions, which a server that starts takes into memory first.
CREATE INDEX session_recent ON session (last_seen_at) WHERE ended_at IS NULL;
