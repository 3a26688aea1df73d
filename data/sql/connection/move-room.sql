-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 room: all that belongs to it goes with it.
DELETE FROM base_room WHERE tenant_id = ?1 AND id = ?2;
