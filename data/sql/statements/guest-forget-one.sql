-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 guest, ?2 as in guest-forget-old: who was not seen again meanwhile. Format: si.
UPDATE guest SET token_digest = 'gone:' || id, name = '' WHERE id = ?1 AND last_seen_at < ?2 AND banned_until < ?2;
