-- Programs' tokens, one-time links, requests with keys of their own, and settings.

-- name: save_token(id, digest, client, scopes, made_at, person, expires_at, revoked_at)!
INSERT INTO tokens (id, digest, client, scopes, made_at, person, expires_at, revoked_at)
VALUES (:id, :digest, :client, :scopes, :made_at, :person, :expires_at, :revoked_at)
ON CONFLICT (id) DO UPDATE SET
  digest = excluded.digest, client = excluded.client, scopes = excluded.scopes, made_at = excluded.made_at,
  person = excluded.person, expires_at = excluded.expires_at, revoked_at = excluded.revoked_at;

-- name: token(digest)^
SELECT id, digest, client, scopes, made_at, person, expires_at, revoked_at FROM tokens WHERE digest = :digest;

-- name: tokens()
SELECT id, digest, client, scopes, made_at, person, expires_at, revoked_at FROM tokens ORDER BY made_at, id;

-- name: add_door(digest, person, expires_at)!
INSERT INTO doors (digest, person, expires_at) VALUES (:digest, :person, :expires_at);

-- name: door(digest, now)$
SELECT person FROM doors WHERE digest = :digest AND used_at IS NULL AND expires_at > :now;

-- name: use_door(digest, now)$
UPDATE doors SET used_at = :now WHERE digest = :digest AND used_at IS NULL AND expires_at > :now
RETURNING person;

-- name: saved_request(key)^
SELECT fingerprint, at, status, body FROM requests WHERE key = :key;

-- name: open_request(key, fingerprint, at)!
INSERT INTO requests (key, fingerprint, at, body) VALUES (:key, :fingerprint, :at, '')
ON CONFLICT (key) DO NOTHING;

-- name: answer_request(key, status, body)!
UPDATE requests SET status = :status, body = :body WHERE key = :key;

-- name: forget_requests(before)!
DELETE FROM requests WHERE at < :before;

-- name: setting(key)$
SELECT value FROM settings WHERE key = :key;

-- name: set_setting(key, value)!
INSERT INTO settings (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: add_reveal(at, person, question, message, why)!
INSERT INTO reveals (at, person, question, message, why) VALUES (:at, :person, :question, :message, :why);
