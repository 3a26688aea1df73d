-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant.
DELETE FROM base_setting WHERE tenant_id = ?1 AND key LIKE 'singleTenant.%';
