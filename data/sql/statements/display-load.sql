-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT id, room_id, name, token_digest, created_at FROM display WHERE revoked_at = 0;
