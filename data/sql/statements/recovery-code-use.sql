-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 member, ?2 digest, ?3 at. Format: ssi.
UPDATE recovery_code SET used_at = ?3 WHERE member_id = ?1 AND digest = ?2;
