-- Transfers, which are only ever added, and the balances they come to.

-- name: add_transfer(key, debit, credit, amount, unit, why, question, at)$
INSERT INTO transfers (key, debit, credit, amount, unit, why, question, at)
VALUES (:key, :debit, :credit, :amount, :unit, :why, :question, :at)
ON CONFLICT (key) DO NOTHING
RETURNING id;

-- name: move_balance(account, unit, amount, pocket)!
INSERT INTO balances (account, unit, amount, pocket) VALUES (:account, :unit, :amount, :pocket)
ON CONFLICT (account, unit) DO UPDATE SET amount = balances.amount + excluded.amount;

-- name: balance(account, unit)$
SELECT amount FROM balances WHERE account = :account AND unit = :unit;

-- name: balances_of(account)
SELECT unit, amount FROM balances WHERE account = :account ORDER BY unit;

-- name: payable()
SELECT account, unit, amount FROM balances WHERE pocket = 'payable' AND amount > 0;

-- name: taken_from(account, upto, most)
SELECT id, key, amount, unit, why, question, at FROM transfers
WHERE debit = :account AND id <= :upto ORDER BY id DESC LIMIT :most;

-- name: given_to(account, upto, most)
SELECT id, key, amount, unit, why, question, at FROM transfers
WHERE credit = :account AND id <= :upto ORDER BY id DESC LIMIT :most;

-- name: kept_balances()
SELECT account, unit, amount FROM balances;

-- name: booked_balances()
SELECT account, unit, sum(amount) FROM (
  SELECT credit AS account, unit, amount FROM transfers
  UNION ALL
  SELECT debit AS account, unit, -amount AS amount FROM transfers
) AS ends
GROUP BY account, unit;

-- name: repeated_keys()
SELECT key, count(*) FROM transfers GROUP BY key HAVING count(*) > 1;
