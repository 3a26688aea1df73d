-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 guest, ?3 after which row: rows of the log that are by or about the person, or say something about the
-- person's songs. Then the names the person gave up and took; then what else goes with the row. By the row's number,
-- which no index here is about: hence the plus.
SELECT rowid, origin, seq,
       iif (object_kind = 'guest' AND action LIKE '%rename%', before, NULL), iif (object_kind = 'guest' AND action LIKE '%rename%', after, NULL),
       iif (actor_kind = 'guest', actor_name, NULL), iif (actor_kind = 'guest', address, NULL), iif (actor_kind = 'guest', agent, NULL), reason
  FROM base_audit
 WHERE +tenant_id = ?1 AND rowid > ?3 AND (reason IS NULL OR reason NOT LIKE 'erased:%')
   AND ((actor_kind = 'guest' AND actor_id = ?2)
        OR (object_kind = 'guest' AND object_id = ?2)
        OR (object_kind = 'request' AND reason IS NOT NULL
            AND object_id IN (SELECT id FROM base_request WHERE tenant_id = ?1 AND guest_id = ?2)));
