-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 room or NULL, ?2 event or NULL, ?3 from, ?4 to (not included), ?5 how many. What staff said no to, by reason. Format: ssiii.
SELECT ifnull (q.reason_code, 'other') AS code, count (*) AS times
  FROM room r CROSS JOIN request q ON q.room_id = r.id
 WHERE (?1 IS NULL OR r.id = ?1) AND (?2 IS NULL OR q.event_id = ?2) AND q.created_at >= ?3 AND q.created_at < ?4 AND q.status IN ('declined', 'failed')
 GROUP BY code ORDER BY times DESC, code LIMIT ?5;
