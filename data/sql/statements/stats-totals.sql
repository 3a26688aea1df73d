-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 room or NULL, ?2 event or NULL, ?3 from, ?4 to (not included). Format: ssii.
SELECT count (*), count (DISTINCT q.guest_id), ifnull (sum (q.votes), 0),
       ifnull (sum (q.status = 'played'), 0), ifnull (sum (q.status = 'declined'), 0),
       ifnull (sum (q.status = 'withdrawn'), 0), ifnull (sum (q.status = 'expired'), 0),
       ifnull (sum (q.status = 'failed'), 0)
  FROM room r CROSS JOIN request q ON q.room_id = r.id
 WHERE (?1 IS NULL OR r.id = ?1) AND (?2 IS NULL OR q.event_id = ?2) AND q.created_at >= ?3 AND q.created_at < ?4;
