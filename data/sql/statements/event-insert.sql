-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 room, ?3 number, ?4 name, ?5 state, ?6 rules, ?7 starts, ?8 started, ?9 last call, ?10 ended, ?11 created.
-- Format: ssssssiiiii.
INSERT INTO event (id, room_id, number, name, state, rules, starts_at, started_at, last_call_at, ended_at, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);
