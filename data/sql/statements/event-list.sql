-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 room or NULL, ?2-3 the created_at and id before which to begin, ?4 how many. Format: sisi.
SELECT id, room_id, number, name, state, rules, starts_at, started_at, last_call_at, ended_at, created_at
  FROM event
 WHERE (?1 IS NULL OR room_id = ?1) AND (created_at, id) < (?2, ?3)
 ORDER BY created_at DESC, id DESC LIMIT ?4;
