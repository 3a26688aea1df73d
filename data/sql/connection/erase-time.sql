-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant. What is written now is younger than all before, for hosts that are told of it. ?2 is not used here.
UPDATE base_tenant SET hlc = hlc + 65536 WHERE tenant_id = ?1 AND ?2 IS NOT NULL;
