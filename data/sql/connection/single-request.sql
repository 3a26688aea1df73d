-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 id, ?3 room, ?4 event, ?5 status, ?6-8 title, artist, album, ?9 name, ?10 message, ?11 when, ?12 code.
INSERT INTO base_request (tenant_id, id, number, room_id, event_id, status, title, artist, album, name, message, created_at, origin, hlc)
VALUES (?1, ?2, printf ('%s-REQ-%03d', ?12, ifnull ((SELECT next FROM base_counter WHERE tenant_id = ?1 AND kind = 'REQ'), 1)),
        ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, (SELECT origin FROM base_tenant WHERE tenant_id = ?1), (SELECT hlc FROM base_tenant WHERE tenant_id = ?1));
