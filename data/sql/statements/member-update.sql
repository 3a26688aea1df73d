-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 password hash, ?3 role, ?4 token version, ?5 active, ?6 when the password was set. Format: sssiii.
UPDATE member SET password_hash = ?2, role = ?3, token_version = ?4, active = ?5, password_set_at = ?6 WHERE id = ?1;
