-- Timers that fire more than once. A timer of one firing keeps the defaults, which take no room.

-- number of the firing that `fire_at` names, and the highest that was given to any
ALTER TABLE timer ADD COLUMN firing INTEGER NOT NULL DEFAULT 1;
ALTER TABLE timer ADD COLUMN last_firing INTEGER NOT NULL DEFAULT 1;
-- epoch ms that the schedule names, where `fire_at` differs from it: jitter, spread, snooze
ALTER TABLE timer ADD COLUMN nominal INTEGER;
-- occurrences of the schedule that may still fire; NULL without a limit
ALTER TABLE timer ADD COLUMN remaining INTEGER;
-- firings that have ended, other than that of a one-shot timer itself
ALTER TABLE timer ADD COLUMN fired INTEGER NOT NULL DEFAULT 0;
-- of a firing row: the timer whose firing it is, while that timer's own row stands for another
ALTER TABLE timer ADD COLUMN parent INTEGER;

CREATE INDEX timer_firing ON timer (parent, firing) WHERE parent IS NOT NULL;
