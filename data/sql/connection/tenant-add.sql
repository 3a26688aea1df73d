-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 origin, ?3 now.
INSERT INTO base_tenant (tenant_id, origin, created_at) VALUES (?1, ?2, ?3);
