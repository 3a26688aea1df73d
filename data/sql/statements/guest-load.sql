-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 event: who asked or voted there. Format: s.
SELECT id, token_digest, name, held, muted_until, banned_until, first_seen_at, last_seen_at
  FROM guest
 WHERE id IN (SELECT guest_id FROM request WHERE event_id = ?1
              UNION SELECT guest_id FROM vote WHERE request_id IN (SELECT id FROM request WHERE event_id = ?1));
