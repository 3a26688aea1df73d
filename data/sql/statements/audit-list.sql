-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1-3 time, number and host of the row before which to begin, ?4 from when, ?5 words in lower case, ?6 actions with commas between, ?7 actor (NULL: any),
-- ?8 how many rows to look at. The last columns tell whether the words are in a row and whether it is else what is looked for. Format: iisisssi.
SELECT seq, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, before, after, reason, address, agent, origin,
       (?5 IS NULL
        OR instr (lower (action || char (10) || ifnull (actor_name, '') || char (10) || ifnull (object_id, '') || char (10)
                         || ifnull (before, '') || char (10) || ifnull (after, '') || char (10) || ifnull (reason, '') || char (10)
                         || ifnull (address, '') || char (10) || ifnull (agent, '') || char (10) || ifnull (actor_id, '')), ?5) > 0),
       (?6 IS NULL OR instr (',' || ?6 || ',', ',' || action || ',') > 0)
       AND (?7 IS NULL OR actor_id = ?7 OR actor_name = ?7 OR actor_kind = ?7)
  FROM audit WHERE at <= ?1 AND at >= ?4 AND (at < ?1 OR +seq < ?2 OR (+seq = ?2 AND +origin < ?3))
 ORDER BY at DESC, seq DESC, origin DESC LIMIT ?8;
