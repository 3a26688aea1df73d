-- SPDX-License-Identifier: GPL-3.0-or-later
-- What people call the thing of a row of the log now; NULL for what is gone or has no name. ?1 its kind, ?2 its id.
-- Format: ss.
SELECT CASE ?1
         WHEN 'request' THEN (SELECT title || CASE artist WHEN '' THEN '' ELSE ' · ' || artist END FROM request WHERE id = ?2)
         WHEN 'guest' THEN (SELECT nullif (name, '') FROM guest WHERE id = ?2)
         WHEN 'room' THEN (SELECT name FROM room WHERE id = ?2)
         WHEN 'event' THEN (SELECT name FROM event WHERE id = ?2)
         WHEN 'member' THEN (SELECT username FROM member WHERE id = ?2)
         WHEN 'display' THEN (SELECT nullif (name, '') FROM display WHERE id = ?2)
       END;
