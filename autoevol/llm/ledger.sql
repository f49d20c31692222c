-- part: tables
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS calls (
    key TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    model TEXT NOT NULL,
    served TEXT NOT NULL,      -- model name or fingerprint that the endpoint reported
    sample INTEGER NOT NULL,
    input INTEGER NOT NULL,    -- tokens; includes cached
    output INTEGER NOT NULL,   -- tokens; includes reasoning
    reasoning INTEGER NOT NULL,
    cached INTEGER NOT NULL,   -- tokens that the endpoint's prompt cache served
    cost TEXT,                 -- US dollars, exact; NULL where no price is known
    seconds REAL NOT NULL,
    created TEXT NOT NULL,     -- UTC
    copied INTEGER NOT NULL,   -- 1: taken from another run's ledger, paid there
    answer TEXT NOT NULL       -- the whole Response as JSON
);
-- Holds all that the bill sums, so that billing never reads the answers.
CREATE INDEX IF NOT EXISTS calls_bill
    ON calls (role, model, copied, cost, input, output, reasoning, cached);
CREATE TABLE IF NOT EXISTS attempts (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    role TEXT NOT NULL,
    model TEXT NOT NULL,
    reason TEXT NOT NULL,      -- why a call that was sent brought nothing to keep
    input INTEGER NOT NULL,
    output INTEGER NOT NULL,
    reasoning INTEGER NOT NULL,
    cached INTEGER NOT NULL,
    cost TEXT,
    seconds REAL NOT NULL,
    created TEXT NOT NULL
);
PRAGMA user_version = 1;
COMMIT;

-- part: bill
SELECT role, model, copied, 0, cost, count(*),
       sum(input), sum(output), sum(reasoning), sum(cached)
FROM calls GROUP BY role, model, copied, cost
UNION ALL
SELECT role, model, 0, 1, cost, count(*),
       sum(input), sum(output), sum(reasoning), sum(cached)
FROM attempts GROUP BY role, model, cost
