-- People who became one: whose rows are whose now, and the codes by which they say so.

-- name: save_link_code(person, digest, expires_at)!
INSERT INTO link_codes (person, digest, expires_at) VALUES (:person, :digest, :expires_at)
ON CONFLICT (person) DO UPDATE SET digest = excluded.digest, expires_at = excluded.expires_at;

-- name: link_code_of(digest, now)$
SELECT person FROM link_codes WHERE digest = :digest AND expires_at > :now;

-- name: forget_link_code(person)!
DELETE FROM link_codes WHERE person = :person;

-- name: add_wrong_code(person, at)!
INSERT INTO wrong_codes (person, at) VALUES (:person, :at);

-- name: wrong_codes(person, since)
SELECT at FROM wrong_codes WHERE person = :person AND at > :since ORDER BY at;

-- name: forget_wrong_codes(person, before)!
DELETE FROM wrong_codes WHERE person = :person AND at <= :before;

-- name: anybody_joined()$
SELECT 1 FROM people WHERE joined IS NOT NULL LIMIT 1;

-- name: joined_with(person)$
SELECT joined FROM people WHERE id = :person;

-- name: joined_into(person)
SELECT id FROM people WHERE joined = :person ORDER BY id;

-- name: join_person(person, into)!
UPDATE people SET joined = :into WHERE id = :person OR joined = :person;

-- name: move_identities(person, into)!
UPDATE identities SET person = :into WHERE person = :person;

-- name: move_asked(person, into)!
UPDATE questions SET customer = :into WHERE customer = :person;

-- name: move_held(person, into)!
UPDATE questions SET holder = :into WHERE holder = :person;

-- name: move_tokens(person, into)!
UPDATE tokens SET person = :into WHERE person = :person;

-- name: move_doors(person, into)!
UPDATE doors SET person = :into WHERE person = :person;

-- name: move_wrong_codes(person, into)!
UPDATE wrong_codes SET person = :into WHERE person = :person;

-- name: held_by(person)
SELECT id FROM questions
WHERE holder = :person
  AND state IN ('held', 'open', 'claimed', 'waiting', 'review', 'answered', 'escalated')
ORDER BY id;
