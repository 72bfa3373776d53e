-- Which questions somebody flagged or appealed, and staff have not acted on yet.
ALTER TABLE questions ADD COLUMN asks_staff INTEGER NOT NULL DEFAULT 0;

CREATE INDEX questions_asking ON questions (asks_staff, id) WHERE asks_staff = 1;
