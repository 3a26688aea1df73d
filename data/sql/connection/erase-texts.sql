-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 guest: what a person wrote, and what tells the person's phone. Looked for in the file's bytes afterwards.
SELECT name FROM base_guest WHERE tenant_id = ?1 AND id = ?2 AND name <> ''
UNION SELECT token_digest FROM base_guest WHERE tenant_id = ?1 AND id = ?2 AND token_digest NOT LIKE 'gone:%'
UNION SELECT name FROM base_request WHERE tenant_id = ?1 AND guest_id = ?2 AND name <> ''
UNION SELECT message FROM base_request WHERE tenant_id = ?1 AND guest_id = ?2 AND message IS NOT NULL
UNION SELECT before FROM base_audit WHERE tenant_id = ?1 AND object_kind = 'guest' AND object_id = ?2 AND action LIKE '%rename%' AND before IS NOT NULL
UNION SELECT after FROM base_audit WHERE tenant_id = ?1 AND object_kind = 'guest' AND object_id = ?2 AND action LIKE '%rename%' AND after IS NOT NULL;
