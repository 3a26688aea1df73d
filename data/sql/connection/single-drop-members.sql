-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant.
DELETE FROM base_member WHERE tenant_id = ?1 AND substr (id, 15, 1) = '8';
