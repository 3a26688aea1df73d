-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 guest: the row stays, because the night's figures rest on it, without name and cookie.
UPDATE base_guest
   SET name = '', token_digest = 'gone:' || id,
       origin = (SELECT origin FROM base_tenant WHERE tenant_id = ?1),
       hlc = (SELECT hlc FROM base_tenant WHERE tenant_id = ?1)
 WHERE tenant_id = ?1 AND id = ?2;
