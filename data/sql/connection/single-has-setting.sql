-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 key.
SELECT 1 FROM base_setting WHERE tenant_id = ?1 AND key = ?2;
