-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 kind, ?3 digest, ?4 role, ?5 member, ?6 note, ?7 by, ?8 created, ?9 expires. Format: sssssssii.
INSERT INTO invitation (id, kind, token_digest, role, member_id, note, created_by, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);
