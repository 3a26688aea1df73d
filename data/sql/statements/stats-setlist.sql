-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 event, ?2 how many at most. What sounded in a night, in order. Format: si.
SELECT p.title, p.artist, p.started_at, p.ended_at, q.name, q.votes, q.number, q.duration_ms
  FROM play p LEFT JOIN request q ON q.id = p.request_id
 WHERE p.event_id = ?1 ORDER BY p.started_at LIMIT ?2;
