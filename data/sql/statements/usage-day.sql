-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 from, ?2 to (not included): requests, guests who asked, and plays of a span. By room, whose index has the time. Format: ii.
SELECT ifnull (sum (asked), 0), ifnull (sum (played), 0),
       (SELECT count (DISTINCT q.guest_id) FROM room r CROSS JOIN request q ON q.room_id = r.id
         WHERE q.created_at >= ?1 AND q.created_at < ?2 AND q.guest_id IS NOT NULL)
  FROM (SELECT (SELECT count (*) FROM request WHERE room_id = r.id AND created_at >= ?1 AND created_at < ?2) AS asked,
               (SELECT count (*) FROM play WHERE room_id = r.id AND started_at >= ?1 AND started_at < ?2) AS played
          FROM room r);
