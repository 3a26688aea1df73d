-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 actor, ?2 since: the keys of who comes back. Format: si.
SELECT key, request_id, merged FROM idempotency WHERE actor_id = ?1 AND created_at >= ?2;
