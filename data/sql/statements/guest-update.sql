-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 token digest, ?3 name, ?4 held, ?5 muted until, ?6 banned until, ?7 last seen. Format: sssiiii.
UPDATE guest SET token_digest = ?2, name = ?3, held = ?4, muted_until = ?5, banned_until = ?6, last_seen_at = ?7
 WHERE id = ?1;
