-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 username, ?3 password hash, ?4 role, ?5 created. Format: ssssi.
INSERT INTO member (id, username, password_hash, role, created_at, password_set_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5);
