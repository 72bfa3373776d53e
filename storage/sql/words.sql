-- Messages and drafts: the only places people's words are in.

-- name: message(question, number)^
SELECT question, number, author, kind, audience, to_person, text, shown_text, origin, at, revision, redacted
FROM messages WHERE question = :question AND number = :number;

-- name: messages(question)
SELECT question, number, author, kind, audience, to_person, text, shown_text, origin, at, revision, redacted
FROM messages WHERE question = :question ORDER BY number;

-- name: messages_from(source)
SELECT question, number, author, kind, audience, to_person, text, shown_text, origin, at, revision, redacted
FROM messages WHERE origin = :source ORDER BY question, number;

-- name: save_message(question, number, author, kind, audience, to_person, text, shown_text, origin, at, revision, redacted)!
INSERT INTO messages
  (question, number, author, kind, audience, to_person, text, shown_text, origin, at, revision, redacted)
VALUES
  (:question, :number, :author, :kind, :audience, :to_person, :text, :shown_text, :origin, :at, :revision, :redacted)
ON CONFLICT (question, number) DO UPDATE SET
  author = excluded.author, kind = excluded.kind, audience = excluded.audience, to_person = excluded.to_person,
  text = excluded.text, shown_text = excluded.shown_text, origin = excluded.origin, at = excluded.at,
  revision = excluded.revision, redacted = excluded.redacted;

-- name: redact_message(question, number)!
UPDATE messages SET text = '', shown_text = '', origin = NULL, redacted = 1, revision = revision + 1
WHERE question = :question AND number = :number AND redacted = 0;

-- name: written_by(author)
SELECT question, number FROM messages WHERE author = :author ORDER BY question, number;

-- name: answered_by(author, most)
SELECT DISTINCT question FROM messages WHERE author = :author AND kind IN ('answer', 'correction')
ORDER BY question DESC LIMIT :most;

-- name: draft(question, person)$
SELECT text FROM drafts WHERE question = :question AND person = :person;

-- name: drafts_of(person)
SELECT question, text FROM drafts WHERE person = :person ORDER BY question;

-- name: keep_draft(question, person, text, at)!
INSERT INTO drafts (question, person, text, at) VALUES (:question, :person, :text, :at)
ON CONFLICT (question, person) DO UPDATE SET text = excluded.text, at = excluded.at;

-- name: forget_draft(question, person)!
DELETE FROM drafts WHERE question = :question AND person = :person;

-- name: forget_drafts(person)!
DELETE FROM drafts WHERE person = :person;

-- name: forget_known(person)!
DELETE FROM known_values WHERE person = :person;

-- name: disguise_identity(platform, workspace, external, tombstone)!
UPDATE identities SET external = :tombstone
WHERE platform = :platform AND workspace = :workspace AND external = :external;

-- name: erase_person(person, name, at, facts)!
UPDATE people
SET name = :name, name_key = :name, home = NULL, rank = NULL, standing = NULL, staff = NULL, member = 0,
    due_at = NULL, due = NULL, facts = :facts, erased_at = coalesce(erased_at, :at)
WHERE id = :person;

-- name: revoke_tokens(person, at)!
UPDATE tokens SET revoked_at = coalesce(revoked_at, :at) WHERE person = :person;

-- name: close_doors(person)!
DELETE FROM doors WHERE person = :person;
