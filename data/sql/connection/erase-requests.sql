-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 guest: the songs stay, nobody's.
UPDATE base_request
   SET name = '', message = NULL, message_shown = 0, reason_text = NULL,
       origin = (SELECT origin FROM base_tenant WHERE tenant_id = ?1),
       hlc = (SELECT hlc FROM base_tenant WHERE tenant_id = ?1)
 WHERE tenant_id = ?1 AND guest_id = ?2;
