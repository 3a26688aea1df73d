-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 the hybrid time that is not passed before the next reservation.
UPDATE base_tenant SET hlc = ?2 WHERE tenant_id = ?1;
