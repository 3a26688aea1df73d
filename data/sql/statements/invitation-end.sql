-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 used, ?3 taken back. Format: sii.
UPDATE invitation SET used_at = ?2, revoked_at = ?3 WHERE id = ?1;
