-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1: events that ended before this, ?2 from which id on: whose songs still have names or dedications, and how many. Format: is.
SELECT id, n
  FROM (SELECT id, (SELECT count (*) FROM request WHERE request.event_id = event.id
                       AND (request.name <> '' OR request.message IS NOT NULL)) AS n
          FROM event WHERE state = 'ended' AND ended_at < ?1 AND id > ?2)
 WHERE n > 0 ORDER BY id LIMIT 200;
