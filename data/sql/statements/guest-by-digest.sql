-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 token digest. Format: s.
SELECT id, token_digest, name, held, muted_until, banned_until, first_seen_at, last_seen_at
  FROM guest WHERE token_digest = ?1;
