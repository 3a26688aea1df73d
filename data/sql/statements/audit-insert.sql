-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 at, ?2-4 actor kind, id, name, ?5 action, ?6-7 object kind, id, ?8 before, ?9 after, ?10 reason,
-- ?11 address, ?12 agent. Number and hash are the scope's. Format: isssssssssss.
INSERT INTO audit (at, actor_kind, actor_id, actor_name, action, object_kind, object_id,
                   before, after, reason, address, agent)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12);
