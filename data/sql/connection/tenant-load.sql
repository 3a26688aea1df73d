-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant.
SELECT origin, hlc FROM base_tenant WHERE tenant_id = ?1;
