-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 member, ?3 created, ?4 used, ?5 expires, ?6 address, ?7 agent. Format: ssiiiss.
INSERT INTO session (id, member_id, created_at, used_at, expires_at, address, agent)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);
