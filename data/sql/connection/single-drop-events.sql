-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant: unless something else came into it.
DELETE FROM base_event WHERE tenant_id = ?1 AND substr (id, 15, 1) = '8'
   AND NOT EXISTS (SELECT 1 FROM base_request AS q WHERE q.tenant_id = ?1 AND q.event_id = base_event.id);
