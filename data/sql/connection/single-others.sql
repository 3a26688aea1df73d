-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant: how much there is that no import brought.
SELECT (SELECT count (*) FROM base_request WHERE tenant_id = ?1 AND substr (id, 15, 1) <> '8')
     + (SELECT count (*) FROM base_event WHERE tenant_id = ?1 AND substr (id, 15, 1) <> '8')
     + (SELECT count (*) FROM base_room WHERE tenant_id = ?1) - 1;
