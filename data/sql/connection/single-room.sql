-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant: the oldest room.
SELECT id FROM base_room WHERE tenant_id = ?1 ORDER BY created_at, id LIMIT 1;
