-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 guest: what a person wrote, and what tells the person's phone; then what was said about the person. Looked
-- for in the file's bytes afterwards. Last whether the person was not forgotten before.
SELECT name, token_digest, NULL, 1 FROM base_guest WHERE tenant_id = ?1 AND id = ?2 AND token_digest NOT LIKE 'gone:%'
UNION SELECT name, message, reason_text, 0 FROM base_request WHERE tenant_id = ?1 AND guest_id = ?2;
