-- SPDX-License-Identifier: GPL-3.0-or-later
-- The events that are not over.
SELECT id, room_id, number, name, state, rules, starts_at, started_at, last_call_at, ended_at, created_at
  FROM event WHERE state <> 'ended' ORDER BY created_at, id;
