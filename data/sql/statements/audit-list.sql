-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1-2 time and number before which to begin, ?3 how many. Format: iii.
SELECT seq, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, before, after, reason, address, agent
  FROM audit WHERE at <= ?1 AND (at, seq) < (?1, ?2) ORDER BY at DESC, seq DESC LIMIT ?3;
