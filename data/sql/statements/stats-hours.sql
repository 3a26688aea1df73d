-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 room or NULL, ?2 event or NULL, ?3 from, ?4 to (not included). Format: ssii.
SELECT q.created_at / 3600000000 AS hour, count (*), sum (q.status = 'declined'), count (DISTINCT q.guest_id)
  FROM room r CROSS JOIN request q ON q.room_id = r.id
 WHERE (?1 IS NULL OR r.id = ?1) AND (?2 IS NULL OR q.event_id = ?2) AND q.created_at >= ?3 AND q.created_at < ?4
 GROUP BY hour ORDER BY hour LIMIT 1000;
