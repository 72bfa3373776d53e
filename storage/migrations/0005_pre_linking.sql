-- Who became one person with somebody else, and whose rows, texts and lines of the books are therefore theirs; the code
-- by which somebody can be joined, never itself but only its digest; and when somebody tried a wrong one.
ALTER TABLE people ADD COLUMN joined TEXT REFERENCES people (id);

CREATE INDEX people_joined ON people (joined) WHERE joined IS NOT NULL;

CREATE TABLE link_codes (
  person TEXT PRIMARY KEY REFERENCES people (id),
  digest TEXT NOT NULL UNIQUE,
  expires_at BIGINT NOT NULL
);

CREATE TABLE wrong_codes (
  person TEXT NOT NULL REFERENCES people (id),
  at BIGINT NOT NULL
);
CREATE INDEX wrong_codes_of ON wrong_codes (person, at);
