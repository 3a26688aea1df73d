-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 password hash, ?3 role, ?4 token version. Format: sssi.
UPDATE member SET password_hash = ?2, role = ?3, token_version = ?4 WHERE id = ?1;
