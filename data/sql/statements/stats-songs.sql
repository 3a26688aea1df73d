-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 room or NULL, ?2 event or NULL, ?3 from, ?4 to (not included), ?5 how many. Format: ssiii.
SELECT q.title, q.artist, count (*) AS asked, sum (q.votes) AS voted, sum (q.status = 'played')
  FROM room r CROSS JOIN request q ON q.room_id = r.id
 WHERE (?1 IS NULL OR r.id = ?1) AND (?2 IS NULL OR q.event_id = ?2) AND q.created_at >= ?3 AND q.created_at < ?4
 GROUP BY iif (q.song_key <> '', q.song_key, q.id) ORDER BY asked + voted DESC, asked DESC, q.title LIMIT ?5;
