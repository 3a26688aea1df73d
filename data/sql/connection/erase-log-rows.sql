-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 guest: rows of the log that are by or about the person, or say something about the person's songs.
SELECT rowid, origin, seq FROM base_audit
 WHERE tenant_id = ?1 AND (reason IS NULL OR reason NOT LIKE 'erased:%')
   AND ((actor_kind = 'guest' AND actor_id = ?2)
        OR (object_kind = 'guest' AND object_id = ?2)
        OR (object_kind = 'request' AND reason IS NOT NULL
            AND object_id IN (SELECT id FROM base_request WHERE tenant_id = ?1 AND guest_id = ?2)))
 ORDER BY origin, seq;
