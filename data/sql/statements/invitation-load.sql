-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT id, token_digest, role, member_id, note, created_by, created_at, expires_at
FROM invitation WHERE used_at = 0 AND revoked_at = 0;
