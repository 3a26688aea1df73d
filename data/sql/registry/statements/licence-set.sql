-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 organization, ?2 key digest, ?3 last four, ?4 document, ?5 now.
INSERT INTO licence (organization_id, key_digest, last_four, document, installed_at) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (organization_id) DO UPDATE
SET key_digest = ?2, last_four = ?3, document = ?4, installed_at = ?5;
