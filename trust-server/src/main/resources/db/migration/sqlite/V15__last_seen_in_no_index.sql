-- When a session was last seen is written again and again. In an index it made each of those writes several times as
-- dear, and it was never a way to find a session that one is waiting for.
DROP INDEX session_recent;
DROP INDEX session_not_ended;
CREATE INDEX session_not_ended ON session (user_id, opened_number) WHERE ended_at IS NULL;
