-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id. Format: s.
SELECT id, room_id, number, name, state, rules, starts_at, started_at, last_call_at, ended_at, created_at
  FROM event WHERE id = ?1;
