-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 as in guest-forget-old, ?2 from which id on: those guests. Format: is.
SELECT id FROM guest
 WHERE id > ?2 AND token_digest NOT LIKE 'gone:%'
   AND last_seen_at < ?1 AND banned_until < ?1
   AND NOT EXISTS (SELECT 1 FROM request, event
                    WHERE request.guest_id = guest.id AND event.id = request.event_id
                      AND (event.state <> 'ended' OR event.ended_at >= ?1))
 ORDER BY id LIMIT 500;
