-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 actor, ?2 key, ?3 request, ?4 merged, ?5 at. Format: sssii.
INSERT OR REPLACE INTO idempotency (actor_id, key, request_id, merged, created_at) VALUES (?1, ?2, ?3, ?4, ?5);
