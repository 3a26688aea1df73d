-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 room, ?3 code.
UPDATE base_room SET code = ?3 WHERE tenant_id = ?1 AND id = ?2;
