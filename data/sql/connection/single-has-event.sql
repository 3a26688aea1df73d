-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 id.
SELECT 1 FROM base_event WHERE tenant_id = ?1 AND id = ?2;
