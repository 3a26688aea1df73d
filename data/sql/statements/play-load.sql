-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 room, ?2 since. Format: si.
SELECT song_key, MAX (started_at) FROM play WHERE room_id = ?1 AND started_at >= ?2 GROUP BY song_key;
