-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 name, ?3 state, ?4 rules, ?5 starts, ?6 started, ?7 last call, ?8 ended. Format: ssssiiii.
UPDATE event SET name = ?2, state = ?3, rules = ?4, starts_at = ?5, started_at = ?6, last_call_at = ?7, ended_at = ?8
 WHERE id = ?1;
