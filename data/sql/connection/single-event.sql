-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 id, ?3 room, ?4 when, ?5 code: the one night of all requests of before.
INSERT INTO base_event (tenant_id, id, room_id, number, name, state, started_at, ended_at, created_at, origin, hlc)
VALUES (?1, ?2, ?3, printf ('%s-EVT-%03d', ?5, ifnull ((SELECT next FROM base_counter WHERE tenant_id = ?1 AND kind = 'EVT'), 1)), 'Before Tempo', 'ended', ?4, ?4, ?4,
        (SELECT origin FROM base_tenant WHERE tenant_id = ?1), (SELECT hlc FROM base_tenant WHERE tenant_id = ?1));
