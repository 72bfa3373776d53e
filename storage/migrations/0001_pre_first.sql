-- Everything Guildhall keeps. Times are integer milliseconds UTC, amounts integers in minor units, `facts` and other
-- structured values JSON. Words of people are in messages and drafts, and nowhere else.

CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);

CREATE TABLE people (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  member INTEGER NOT NULL CHECK (member IN (0, 1)),
  rank TEXT,
  standing TEXT,
  staff TEXT,
  home TEXT,
  seen_at BIGINT NOT NULL,
  due_at BIGINT,
  due TEXT,
  facts TEXT NOT NULL,
  erased_at BIGINT
);
-- Experts and staff are told apart by name; customers may share one.
CREATE UNIQUE INDEX people_members ON people (name_key) WHERE member = 1 AND erased_at IS NULL;
CREATE INDEX people_names ON people (name_key);
CREATE INDEX people_ranks ON people (rank, seen_at) WHERE rank IS NOT NULL;
CREATE INDEX people_staff ON people (staff) WHERE staff IS NOT NULL;

CREATE TABLE identities (
  platform TEXT NOT NULL,
  workspace TEXT NOT NULL,
  external TEXT NOT NULL,
  person TEXT NOT NULL REFERENCES people (id),
  at BIGINT NOT NULL,
  PRIMARY KEY (platform, workspace, external)
);
CREATE INDEX identities_of ON identities (person);

CREATE TABLE known_values (
  person TEXT NOT NULL REFERENCES people (id),
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (person, kind, value)
);

CREATE TABLE categories (
  name TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  facts TEXT NOT NULL
);

CREATE TABLE category_versions (
  name TEXT NOT NULL REFERENCES categories (name),
  version INTEGER NOT NULL,
  facts TEXT NOT NULL,
  person TEXT,
  machine TEXT,
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (name, version)
);

CREATE TABLE questions (
  id BIGINT PRIMARY KEY,
  state TEXT NOT NULL,
  category TEXT NOT NULL REFERENCES categories (name),
  customer TEXT NOT NULL REFERENCES people (id),
  holder TEXT,
  asked_at BIGINT NOT NULL,
  since BIGINT NOT NULL,
  due_at BIGINT,
  due TEXT,
  facts TEXT NOT NULL,
  revision INTEGER NOT NULL
);
CREATE INDEX questions_states ON questions (state, id);
CREATE INDEX questions_categories ON questions (category, state, id);
CREATE INDEX questions_customers ON questions (customer, state, id);
CREATE INDEX questions_holders ON questions (holder, state, id) WHERE holder IS NOT NULL;
CREATE INDEX questions_due ON questions (due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE messages (
  question BIGINT NOT NULL REFERENCES questions (id),
  number INTEGER NOT NULL,
  author TEXT,
  kind TEXT NOT NULL,
  audience TEXT NOT NULL,
  to_person TEXT,
  text TEXT NOT NULL,
  shown_text TEXT NOT NULL,
  origin TEXT,
  at BIGINT NOT NULL,
  revision INTEGER NOT NULL,
  redacted INTEGER NOT NULL CHECK (redacted IN (0, 1)),
  PRIMARY KEY (question, number)
);
CREATE INDEX messages_authors ON messages (author, question) WHERE author IS NOT NULL;

CREATE TABLE drafts (
  question BIGINT NOT NULL REFERENCES questions (id),
  person TEXT NOT NULL REFERENCES people (id),
  text TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (question, person)
);
CREATE INDEX drafts_of ON drafts (person, question);

CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  at BIGINT NOT NULL,
  subject TEXT NOT NULL CHECK (subject IN ('question', 'person', 'category')),
  question BIGINT,
  person TEXT,
  category TEXT,
  verb TEXT NOT NULL,
  actor TEXT,
  machine TEXT,
  before_state TEXT,
  after_state TEXT,
  outcome TEXT NOT NULL,
  messages TEXT NOT NULL,
  args TEXT NOT NULL
);
CREATE INDEX journal_questions ON journal (question, id) WHERE question IS NOT NULL;
CREATE INDEX journal_people ON journal (person, id) WHERE person IS NOT NULL;

CREATE TABLE transfers (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  debit TEXT NOT NULL,
  credit TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  unit TEXT NOT NULL,
  why TEXT NOT NULL,
  question BIGINT,
  at BIGINT NOT NULL,
  CHECK (debit <> credit)
);
CREATE INDEX transfers_debits ON transfers (debit, id);
CREATE INDEX transfers_credits ON transfers (credit, id);

-- What the transfers of each account come to: a cache, which the audit proves against them.
CREATE TABLE balances (
  account TEXT NOT NULL,
  unit TEXT NOT NULL,
  amount BIGINT NOT NULL,
  pocket TEXT NOT NULL,
  PRIMARY KEY (account, unit)
);
CREATE INDEX balances_payable ON balances (account) WHERE pocket = 'payable' AND amount > 0;

CREATE TABLE posts (
  id INTEGER PRIMARY KEY,
  recipient TEXT NOT NULL,
  slot TEXT NOT NULL,
  kind TEXT NOT NULL,
  about TEXT NOT NULL,
  parent TEXT,
  question BIGINT,
  message INTEGER,
  notice TEXT NOT NULL,
  revision INTEGER NOT NULL,
  shown INTEGER NOT NULL,
  ref TEXT,
  state TEXT NOT NULL,
  waits INTEGER NOT NULL CHECK (waits IN (0, 1)),
  absent INTEGER NOT NULL CHECK (absent IN (0, 1)),
  not_before BIGINT NOT NULL,
  retry_at BIGINT NOT NULL,
  tries INTEGER NOT NULL,
  why TEXT NOT NULL,
  wanted_at BIGINT NOT NULL,
  UNIQUE (recipient, slot)
);
-- Only what is still to be sent is in here, so that finding it costs the same after a million posts.
CREATE INDEX posts_pending ON posts (recipient, waits, wanted_at DESC, id)
  WHERE shown < revision AND state <> 'gone';
CREATE INDEX posts_threads ON posts (recipient, parent, id) WHERE parent IS NOT NULL;
CREATE INDEX posts_tops ON posts (recipient, id) WHERE parent IS NULL;
CREATE INDEX posts_questions ON posts (question) WHERE question IS NOT NULL;
CREATE INDEX posts_troubled ON posts (id) WHERE state IN ('parked', 'unknown', 'gone');

-- How many posts each place was given, so that every fourth can be its oldest.
CREATE TABLE turns (
  recipient TEXT PRIMARY KEY,
  picks BIGINT NOT NULL
);

CREATE TABLE receipts (
  key TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  receipt TEXT NOT NULL
);

CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  client TEXT NOT NULL,
  scopes TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  person TEXT REFERENCES people (id),
  expires_at BIGINT,
  revoked_at BIGINT
);

CREATE TABLE doors (
  digest TEXT PRIMARY KEY,
  person TEXT NOT NULL REFERENCES people (id),
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX doors_of ON doors (person);

CREATE TABLE requests (
  key TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  at BIGINT NOT NULL,
  status INTEGER,
  body TEXT NOT NULL
);
CREATE INDEX requests_at ON requests (at);

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- What staff looked at that others may not see.
CREATE TABLE reveals (
  id INTEGER PRIMARY KEY,
  at BIGINT NOT NULL,
  person TEXT NOT NULL,
  question BIGINT,
  message INTEGER,
  why TEXT NOT NULL
);

-- What is written in these is never changed, removed or replaced.

CREATE TRIGGER journal_unchanged BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;
CREATE TRIGGER journal_kept BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;
CREATE TRIGGER journal_unreplaced BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;

CREATE TRIGGER transfers_unchanged BEFORE UPDATE ON transfers
BEGIN SELECT RAISE(ABORT, 'transfers is append-only'); END;
CREATE TRIGGER transfers_kept BEFORE DELETE ON transfers
BEGIN SELECT RAISE(ABORT, 'transfers is append-only'); END;
-- A cause that is booked already adds nothing, whichever way it is written.
CREATE TRIGGER transfers_unreplaced BEFORE INSERT ON transfers
WHEN EXISTS (SELECT 1 FROM transfers WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM transfers WHERE key = NEW.key)
BEGIN SELECT RAISE(IGNORE); END;

CREATE TRIGGER category_versions_unchanged BEFORE UPDATE ON category_versions
BEGIN SELECT RAISE(ABORT, 'category_versions is append-only'); END;
CREATE TRIGGER category_versions_kept BEFORE DELETE ON category_versions
BEGIN SELECT RAISE(ABORT, 'category_versions is append-only'); END;
CREATE TRIGGER category_versions_unreplaced BEFORE INSERT ON category_versions
WHEN EXISTS (SELECT 1 FROM category_versions WHERE name = NEW.name AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'category_versions is append-only'); END;

CREATE TRIGGER reveals_unchanged BEFORE UPDATE ON reveals
BEGIN SELECT RAISE(ABORT, 'reveals is append-only'); END;
CREATE TRIGGER reveals_kept BEFORE DELETE ON reveals
BEGIN SELECT RAISE(ABORT, 'reveals is append-only'); END;
CREATE TRIGGER reveals_unreplaced BEFORE INSERT ON reveals
WHEN EXISTS (SELECT 1 FROM reveals WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'reveals is append-only'); END;
