-- Questions, people and categories: reading, changing, and the facts that rules ask for.

-- name: next_value(counter)$
INSERT INTO counters (name, value) VALUES (:counter, 1)
ON CONFLICT (name) DO UPDATE SET value = counters.value + 1
RETURNING value;

-- name: question(question)$
SELECT facts FROM questions WHERE id = :question;

-- name: add_question(question, state, category, customer, holder, asked_at, since, due_at, due, facts, revision, asks_staff)!
INSERT INTO questions
  (id, state, category, customer, holder, asked_at, since, due_at, due, facts, revision, asks_staff)
VALUES
  (:question, :state, :category, :customer, :holder, :asked_at, :since, :due_at, :due, :facts, :revision, :asks_staff);

-- name: change_question(question, state, category, holder, since, due_at, due, facts, revision, asks_staff)!
UPDATE questions
SET state = :state, category = :category, holder = :holder, since = :since, due_at = :due_at, due = :due,
    facts = :facts, revision = :revision, asks_staff = :asks_staff
WHERE id = :question;

-- name: claims_held(person)$
SELECT count(*) FROM questions WHERE holder = :person AND state = 'claimed';

-- name: open_asked(customer)$
SELECT count(*) FROM questions
WHERE customer = :customer
  AND state IN ('held', 'open', 'claimed', 'waiting', 'review', 'answered', 'escalated');

-- name: unfinished(category)
SELECT id FROM questions
WHERE category = :category
  AND state IN ('held', 'open', 'claimed', 'waiting', 'review', 'answered', 'escalated')
ORDER BY id;

-- name: unfinished_of(customer)
SELECT id FROM questions
WHERE customer = :customer
  AND state IN ('held', 'open', 'claimed', 'waiting', 'review', 'answered', 'escalated')
ORDER BY id;

-- name: last_asked(customer, most)
SELECT facts FROM questions WHERE customer = :customer ORDER BY id DESC LIMIT :most;

-- name: due_questions(now, most)
SELECT id, due_at, due FROM questions
WHERE due_at IS NOT NULL AND due_at <= :now
ORDER BY due_at, id LIMIT :most;

-- name: due_between(since, until)
SELECT id FROM questions
WHERE due_at IS NOT NULL AND due_at >= :since AND due_at <= :until
ORDER BY due_at, id;

-- name: next_due()$
SELECT due_at FROM questions WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1;

-- Whoever was joined with somebody is who they are now.
-- name: person(person)^
SELECT facts, home FROM people WHERE id = (SELECT coalesce(joined, id) FROM people WHERE id = :person);

-- name: add_person(person, name, name_key, member, rank, standing, staff, home, seen_at, facts)!
INSERT INTO people (id, name, name_key, member, rank, standing, staff, home, seen_at, facts)
VALUES (:person, :name, :name_key, :member, :rank, :standing, :staff, :home, :seen_at, :facts);

-- name: change_person(person, name, name_key, member, rank, standing, staff, home, due_at, due, facts)!
UPDATE people
SET name = :name, name_key = :name_key, member = :member, rank = :rank, standing = :standing, staff = :staff,
    home = :home, due_at = :due_at, due = :due, facts = :facts
WHERE id = :person;

-- name: people_named(name_key)
SELECT id, member FROM people WHERE name_key = :name_key AND joined IS NULL ORDER BY member DESC, id LIMIT 2;

-- name: seen(person, at, home)!
UPDATE people SET seen_at = :at, home = coalesce(:home, home) WHERE id = :person;

-- name: masters_seen(since)
SELECT facts, home FROM people
WHERE rank = 'master' AND seen_at >= :since AND standing = 'active' ORDER BY id;

-- name: home_of(person)$
SELECT home FROM people WHERE id = :person;

-- name: staff_homes()
SELECT id, staff, home FROM people WHERE staff IS NOT NULL AND home IS NOT NULL;

-- name: person_of(platform, workspace, external)$
SELECT person FROM identities WHERE platform = :platform AND workspace = :workspace AND external = :external;

-- name: identities_of(person)
SELECT platform, workspace, external FROM identities WHERE person = :person ORDER BY at, platform, workspace, external;

-- name: add_identity(platform, workspace, external, person, at)!
INSERT INTO identities (platform, workspace, external, person, at)
VALUES (:platform, :workspace, :external, :person, :at);

-- name: know(person, kind, value)!
INSERT INTO known_values (person, kind, value) VALUES (:person, :kind, :value)
ON CONFLICT (person, kind, value) DO NOTHING;

-- name: known(person)
SELECT kind, value FROM known_values WHERE person = :person ORDER BY kind, value;

-- name: category(name)$
SELECT facts FROM categories WHERE name = :name;

-- name: save_category(name, version, facts)!
INSERT INTO categories (name, version, facts) VALUES (:name, :version, :facts)
ON CONFLICT (name) DO UPDATE SET version = excluded.version, facts = excluded.facts;

-- name: add_category_version(name, version, facts, person, machine, why, at)!
INSERT INTO category_versions (name, version, facts, person, machine, why, at)
VALUES (:name, :version, :facts, :person, :machine, :why, :at);

-- name: add_journal(at, subject, question, person, category, verb, actor, machine, before_state, after_state, outcome, messages, args)!
INSERT INTO journal
  (at, subject, question, person, category, verb, actor, machine, before_state, after_state, outcome, messages, args)
VALUES
  (:at, :subject, :question, :person, :category, :verb, :actor, :machine, :before_state, :after_state, :outcome,
   :messages, :args);

-- name: receipt(key)$
SELECT receipt FROM receipts WHERE key = :key;

-- name: remember(key, at, receipt)!
INSERT INTO receipts (key, at, receipt) VALUES (:key, :at, :receipt);
