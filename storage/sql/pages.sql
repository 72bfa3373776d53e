-- Reads for pages, lists and health; each page continues after a key, so that a deep page costs what the first does.

-- name: asking_staff(most)
SELECT facts FROM questions WHERE asks_staff = 1 ORDER BY id LIMIT :most;

-- name: oldest_in_state(state, after, most)
SELECT id, facts FROM questions WHERE state = :state AND id > :after ORDER BY id LIMIT :most;

-- name: newest_in_state(state, before, most)
SELECT id, facts FROM questions WHERE state = :state AND id < :before ORDER BY id DESC LIMIT :most;

-- name: oldest_in_category(state, after, most, category)
SELECT id, facts FROM questions
WHERE category = :category AND state = :state AND id > :after ORDER BY id LIMIT :most;

-- name: newest_in_category(state, before, most, category)
SELECT id, facts FROM questions
WHERE category = :category AND state = :state AND id < :before ORDER BY id DESC LIMIT :most;

-- name: oldest_of_customer(state, after, most, customer, category)
SELECT id, facts FROM questions
WHERE customer = :customer AND state = :state AND id > :after
  AND category = coalesce(CAST(:category AS TEXT), category)
ORDER BY id LIMIT :most;

-- name: newest_of_customer(state, before, most, customer, category)
SELECT id, facts FROM questions
WHERE customer = :customer AND state = :state AND id < :before
  AND category = coalesce(CAST(:category AS TEXT), category)
ORDER BY id DESC LIMIT :most;

-- name: oldest_of_holder(state, after, most, holder, customer, category)
SELECT id, facts FROM questions
WHERE holder = :holder AND state = :state AND id > :after
  AND customer = coalesce(CAST(:customer AS TEXT), customer)
  AND category = coalesce(CAST(:category AS TEXT), category)
ORDER BY id LIMIT :most;

-- name: newest_of_holder(state, before, most, holder, customer, category)
SELECT id, facts FROM questions
WHERE holder = :holder AND state = :state AND id < :before
  AND customer = coalesce(CAST(:customer AS TEXT), customer)
  AND category = coalesce(CAST(:category AS TEXT), category)
ORDER BY id DESC LIMIT :most;

-- name: everybody()
SELECT facts, home FROM people WHERE joined IS NULL ORDER BY name_key, id;

-- name: experts()
-- Not in order: an engine asked for one would rather walk through everybody than sort a few.
SELECT facts, home FROM people WHERE rank IS NOT NULL;

-- name: staff()
SELECT facts, home FROM people WHERE staff IS NOT NULL;

-- name: categories()
SELECT facts FROM categories ORDER BY name;

-- name: tops(recipient, before, most)
SELECT id, notice, revision, shown, ref, state, retry_at, tries, why, coalesce(tried_at, wanted_at) FROM posts
WHERE recipient = :recipient AND parent IS NULL AND id < :before AND ref IS NOT NULL
ORDER BY id DESC LIMIT :most;

-- name: thread(recipient, parent)
SELECT id, notice, revision, shown, ref, state, retry_at, tries, why, coalesce(tried_at, wanted_at) FROM posts
WHERE recipient = :recipient AND parent = :parent AND ref IS NOT NULL
ORDER BY id;

-- name: post(recipient, slot)^
SELECT post.id, post.notice, post.revision, post.shown, post.ref, post.state, post.retry_at, post.tries, post.why,
       coalesce(post.tried_at, post.wanted_at), card.ref
FROM posts AS post LEFT JOIN posts AS card ON card.recipient = post.recipient AND card.slot = post.parent
WHERE post.recipient = :recipient AND post.slot = :slot;

-- name: post_at(recipient, ref)^
SELECT post.id, post.notice, post.revision, post.shown, post.ref, post.state, post.retry_at, post.tries, post.why,
       coalesce(post.tried_at, post.wanted_at), card.ref
FROM posts AS post LEFT JOIN posts AS card ON card.recipient = post.recipient AND card.slot = post.parent
WHERE post.recipient = :recipient AND post.ref = :ref LIMIT 1;

-- name: questions_told(recipient)
SELECT DISTINCT question FROM posts WHERE recipient = :recipient AND question IS NOT NULL LIMIT 2;

-- name: cards_of(question)
SELECT id, notice, revision, shown, ref, state, retry_at, tries, why, coalesce(tried_at, wanted_at) FROM posts
WHERE question = :question AND kind = 'card' AND ref IS NOT NULL ORDER BY id;

-- name: troubled_posts(most)
SELECT post.id, post.notice, post.revision, post.shown, post.ref, post.state, post.retry_at, post.tries, post.why,
       coalesce(post.tried_at, post.wanted_at), card.ref
FROM posts AS post LEFT JOIN posts AS card ON card.recipient = post.recipient AND card.slot = post.parent
WHERE post.state IN ('parked', 'unknown', 'gone')
ORDER BY post.id DESC LIMIT :most;

-- name: pending_recipients()
-- Jumps from one place to the next, however many posts each has.
WITH RECURSIVE places (recipient) AS (
  SELECT min(recipient) FROM posts WHERE shown < revision AND state <> 'gone'
  UNION ALL
  SELECT (
    SELECT min(posts.recipient) FROM posts
    WHERE shown < revision AND state <> 'gone' AND posts.recipient > places.recipient
  )
  FROM places WHERE places.recipient IS NOT NULL
)
SELECT recipient FROM places WHERE recipient IS NOT NULL;

-- name: count_pending()^
-- What is parked waits for somebody to mend something, and is counted with the troubled.
SELECT count(*), min(
  CASE WHEN state = 'parked' THEN NULL WHEN not_before > wanted_at THEN not_before ELSE wanted_at END
)
FROM posts
WHERE shown < revision AND state <> 'gone';

-- name: count_troubled()
SELECT state, count(*) FROM posts WHERE state IN ('parked', 'unknown', 'gone') GROUP BY state;

-- name: count_in_state(state)$
SELECT count(*) FROM questions WHERE state = :state;

-- name: journal(question)
SELECT id, at, verb, actor, machine, before_state, after_state, outcome, messages, args FROM journal
WHERE question = :question ORDER BY id;

-- name: escrow_questions()
SELECT id, state, facts FROM questions;
