-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 room, ?2 since: what is still open there never sounded. Format: si.
DELETE FROM play WHERE room_id = ?1 AND started_at >= ?2 AND ended_at = 0;
