-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 key, ?3 value.
INSERT INTO base_setting (tenant_id, key, value, origin, hlc)
VALUES (?1, ?2, ?3, (SELECT origin FROM base_tenant WHERE tenant_id = ?1), (SELECT hlc FROM base_tenant WHERE tenant_id = ?1));
