-- How long a caller of kit drawbridge may use an answer again while it follows ended sessions; 0 for never.
ALTER TABLE caller ADD COLUMN remember_millis BIGINT NOT NULL DEFAULT 0 CHECK (remember_millis >= 0);
