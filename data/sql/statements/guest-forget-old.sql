-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1: events ended before this are old. Guests who asked in nothing younger and are not banned lose name and cookie. Format: i.
UPDATE guest SET token_digest = 'gone:' || id, name = ''
 WHERE token_digest NOT LIKE 'gone:%'
   AND last_seen_at < ?1 AND banned_until < ?1
   AND NOT EXISTS (SELECT 1 FROM request, event
                    WHERE request.guest_id = guest.id AND event.id = request.event_id
                      AND (event.state <> 'ended' OR event.ended_at >= ?1));
