-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 guest.
DELETE FROM base_idempotency
 WHERE tenant_id = ?1 AND actor_id IN (SELECT token_digest FROM base_guest WHERE tenant_id = ?1 AND id = ?2 UNION ALL SELECT ?2);
