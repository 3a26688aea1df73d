-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 id, ?3 username, ?4 hash, ?5 when, ?6 role. Who has the name here already stays who they are.
INSERT OR IGNORE INTO base_member (tenant_id, id, username, password_hash, role, created_at, origin, hlc)
VALUES (?1, ?2, ?3, ?4, ?6, ?5, (SELECT origin FROM base_tenant WHERE tenant_id = ?1), (SELECT hlc FROM base_tenant WHERE tenant_id = ?1));
