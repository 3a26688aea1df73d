-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 as in guest-forget-old: names and dedications of old nights. Format: i.
UPDATE request SET name = '', message = NULL
 WHERE (name <> '' OR message IS NOT NULL)
   AND event_id IN (SELECT id FROM event WHERE state = 'ended' AND ended_at < ?1);
