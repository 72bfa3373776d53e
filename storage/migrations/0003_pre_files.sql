-- Files that came with texts. They are read one at a time and never on a command's path; the bytes stand last, so that
-- whoever reads only what a file is need not pass them.
CREATE TABLE files (
  id BIGINT PRIMARY KEY,
  question BIGINT NOT NULL REFERENCES questions (id),
  number INTEGER NOT NULL,
  message INTEGER NOT NULL,
  copy TEXT NOT NULL CHECK (copy IN ('plain', 'blurred')),
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size_bytes BIGINT NOT NULL CHECK (size_bytes > 0),
  digest TEXT NOT NULL,
  content BLOB NOT NULL,
  UNIQUE (question, number, copy)
);
