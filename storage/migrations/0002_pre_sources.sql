-- Where words and posts stand on their platforms is looked up from there: what a customer changes in their own message,
-- and whose thread it is that somebody writes in.

-- When the first try to post it began, while the platform may have it and nobody knows under which name.
ALTER TABLE posts ADD COLUMN tried_at BIGINT;

CREATE INDEX messages_sources ON messages (origin, question, number) WHERE origin IS NOT NULL;
CREATE INDEX posts_refs ON posts (recipient, ref) WHERE ref IS NOT NULL;
