-- part: tables
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS calls (
    key BLOB PRIMARY KEY,      -- sha256 of all that can change the answer
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
    answer BLOB NOT NULL       -- the whole Response as JSON, deflated (see ledger_rows)
);
CREATE TABLE IF NOT EXISTS attempts (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL,
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
-- What the bill says, kept up to date with both: billing reads no calls, of which there are millions.
CREATE TABLE IF NOT EXISTS totals (
    role TEXT NOT NULL,
    model TEXT NOT NULL,
    copied INTEGER NOT NULL,
    lost INTEGER NOT NULL,     -- 1: attempts, 0: calls
    calls INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    input INTEGER NOT NULL,
    output INTEGER NOT NULL,
    reasoning INTEGER NOT NULL,
    cached INTEGER NOT NULL,
    cost TEXT NOT NULL,        -- US dollars, exact; without the unpriced calls
    PRIMARY KEY (role, model, copied, lost)
) WITHOUT ROWID;
PRAGMA user_version = 2;
COMMIT;

-- part: total
SELECT calls, unpriced, input, output, reasoning, cached, cost FROM totals
WHERE role = ? AND model = ? AND copied = ? AND lost = ?

-- part: new total
INSERT OR REPLACE INTO totals VALUES (?,?,?,?,?,?,?,?,?,?,?)

-- part: totals
SELECT * FROM totals

-- part: bill of version 1
SELECT role, model, copied, 0, cost, count(*),
       sum(input), sum(output), sum(reasoning), sum(cached)
FROM calls GROUP BY role, model, copied, cost
UNION ALL
SELECT role, model, 0, 1, cost, count(*),
       sum(input), sum(output), sum(reasoning), sum(cached)
FROM attempts GROUP BY role, model, cost
