-- Posts: what places should show, and what has become of it. A post is pending while shown < revision and its thread
-- or channel exists; `waits` is 1 while it has to wait for the card or for an earlier line of its thread.

-- Whether a slot is a card or a line, and whose thread it is in, never changes.
-- name: want(recipient, slot, kind, about, parent, question, message, notice, absent, not_before, wanted_at, waits)!
INSERT INTO posts
  (recipient, slot, kind, about, parent, question, message, notice, absent, not_before, wanted_at, waits,
   revision, shown, ref, state, retry_at, tries, why)
VALUES
  (:recipient, :slot, :kind, :about, :parent, :question, :message, :notice, :absent, :not_before, :wanted_at, :waits,
   1, 0, NULL, 'ready', 0, 0, '')
ON CONFLICT (recipient, slot) DO UPDATE SET
  about = excluded.about, question = excluded.question, message = excluded.message, notice = excluded.notice,
  absent = excluded.absent,
  not_before = excluded.not_before, wanted_at = excluded.wanted_at, revision = posts.revision + 1,
  retry_at = CASE WHEN excluded.kind = 'card' AND posts.state IN ('parked', 'gone') THEN 0 ELSE posts.retry_at END,
  state = CASE WHEN excluded.kind = 'card' AND posts.state IN ('parked', 'gone') THEN 'ready' ELSE posts.state END
WHERE posts.kind = 'card' OR posts.notice <> excluded.notice OR posts.shown < posts.revision OR posts.absent = 1;

-- name: drop_unsent(recipient, slot)!
UPDATE posts SET absent = 1, shown = revision, state = 'ready', retry_at = 0, why = '', waits = 0
WHERE recipient = :recipient AND slot = :slot AND ref IS NULL AND state IN ('ready', 'parked', 'gone')
  AND why <> 'uncertain';

-- name: drop_if_absent(post)!
UPDATE posts SET shown = revision, state = 'ready', retry_at = 0, why = '', waits = 0
WHERE id = :post AND absent = 1 AND ref IS NULL AND state IN ('ready', 'parked', 'gone') AND why <> 'uncertain';

-- name: post_exists(recipient, slot)$
SELECT 1 FROM posts WHERE recipient = :recipient AND slot = :slot;

-- name: ref_of(recipient, slot)$
SELECT ref FROM posts WHERE recipient = :recipient AND slot = :slot;

-- name: thread_head(recipient, parent)$
SELECT id FROM posts
WHERE recipient = :recipient AND parent = :parent AND ref IS NULL
  AND shown < revision AND state <> 'gone' AND state <> 'parked'
ORDER BY id LIMIT 1;

-- name: arrange_thread(recipient, parent, head)!
UPDATE posts SET waits = 1 - waits
WHERE recipient = :recipient AND parent = :parent AND ref IS NULL AND shown < revision AND state <> 'gone'
  AND waits = CASE WHEN id > :head THEN 0 ELSE 1 END;

-- name: take_turn(recipient)$
INSERT INTO turns (recipient, picks) VALUES (:recipient, 1)
ON CONFLICT (recipient) DO UPDATE SET picks = turns.picks + 1
RETURNING picks;

-- name: newest_ready(recipient, now)^
SELECT id, notice, revision, shown, ref, state, retry_at, tries, why, coalesce(tried_at, wanted_at) FROM posts
WHERE recipient = :recipient AND waits = 0 AND shown < revision AND state <> 'gone'
  AND state <> 'sending' AND not_before <= :now AND retry_at <= :now
ORDER BY wanted_at DESC, id LIMIT 1;

-- name: oldest_ready(recipient, now)^
SELECT id, notice, revision, shown, ref, state, retry_at, tries, why, coalesce(tried_at, wanted_at) FROM posts
WHERE recipient = :recipient AND waits = 0 AND shown < revision AND state <> 'gone'
  AND state <> 'sending' AND not_before <= :now AND retry_at <= :now
ORDER BY wanted_at, id DESC LIMIT 1;

-- name: next_ready_at(recipient)$
SELECT min(CASE WHEN not_before > retry_at THEN not_before ELSE retry_at END) FROM posts
WHERE recipient = :recipient AND waits = 0 AND shown < revision AND state <> 'gone' AND state <> 'sending';

-- name: mark_sending(post, now)!
UPDATE posts SET state = 'sending', tried_at = coalesce(tried_at, :now) WHERE id = :post;

-- name: mark_shown(post, revision, ref)!
UPDATE posts SET shown = :revision, ref = :ref, state = 'ready', retry_at = 0, tries = 0, why = '', waits = 0,
    tried_at = NULL
WHERE id = :post AND shown <= :revision;

-- name: set_back(post, state, retry_at, why)!
UPDATE posts
SET state = :state, retry_at = :retry_at, why = :why, tries = tries + 1,
    ref = CASE WHEN :state = 'gone' THEN NULL ELSE ref END,
    tried_at = CASE WHEN :state = 'gone' THEN NULL ELSE tried_at END
WHERE id = :post;

-- name: hurry(recipient, slot, now)!
UPDATE posts
SET not_before = 0, wanted_at = :now,
    retry_at = CASE WHEN state = 'unknown' AND why <> 'uncertain' THEN retry_at ELSE 0 END
WHERE recipient = :recipient AND slot = :slot;

-- name: recover_sending(retry_at)!
-- An edit that was under way is harmless to repeat, but arriving late it would put an old state over a newer one.
UPDATE posts SET state = CASE WHEN state = 'ready' THEN 'ready' ELSE 'unknown' END, retry_at = :retry_at
WHERE shown < revision AND state <> 'gone'
  AND (state = 'sending' OR (retry_at < :retry_at AND (state = 'unknown' OR (state = 'ready' AND ref IS NOT NULL))));

-- name: show_cards_anew(question)!
UPDATE posts SET revision = revision + 1
WHERE question = :question AND kind = 'card' AND absent = 0 AND state <> 'gone';

-- name: show_lines_anew(question, message)!
UPDATE posts SET revision = revision + 1
WHERE question = :question AND kind = 'line' AND message = :message AND absent = 0 AND state <> 'gone';
