-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 room: guests who asked and voted only there. Their votes go with them, their songs with the room.
DELETE FROM base_guest
 WHERE tenant_id = ?1
   AND id IN (SELECT guest_id FROM base_request WHERE tenant_id = ?1 AND room_id = ?2
              UNION SELECT v.guest_id FROM base_vote AS v, base_request AS q
                     WHERE v.tenant_id = ?1 AND q.tenant_id = ?1 AND q.id = v.request_id AND q.room_id = ?2)
   AND NOT EXISTS (SELECT 1 FROM base_request AS q WHERE q.tenant_id = ?1 AND q.guest_id = base_guest.id AND q.room_id <> ?2)
   AND NOT EXISTS (SELECT 1 FROM base_vote AS v, base_request AS q
                    WHERE v.tenant_id = ?1 AND v.guest_id = base_guest.id
                      AND q.tenant_id = ?1 AND q.id = v.request_id AND q.room_id <> ?2);
