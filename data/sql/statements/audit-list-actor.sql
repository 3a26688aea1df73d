-- SPDX-License-Identifier: GPL-3.0-or-later
-- As audit-list, by the index of people but guests: ?7 is an id. Format: iisisssi.
SELECT seq, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, before, after, reason, address, agent, origin,
       (?5 IS NULL
        OR instr (lower (action || char (10) || ifnull (actor_name, '') || char (10) || ifnull (object_id, '') || char (10)
                         || ifnull (before, '') || char (10) || ifnull (after, '') || char (10) || ifnull (reason, '') || char (10)
                         || ifnull (address, '') || char (10) || ifnull (agent, '') || char (10) || ifnull (actor_id, '')), ?5) > 0),
       (?6 IS NULL OR instr (',' || ?6 || ',', ',' || action || ',') > 0)
  FROM audit WHERE actor_kind <> 'guest' AND actor_id = ?7 AND at <= ?1 AND at >= ?4 AND (at < ?1 OR +seq < ?2 OR (+seq = ?2 AND +origin < ?3))
 ORDER BY at DESC, seq DESC, origin DESC LIMIT ?8;
