-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT id, username, password_hash, role, token_version, created_at, active, password_set_at
FROM member ORDER BY created_at, id;
