-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 room, ?2 request, ?3 song, ?4 ms, ?5 as of, ?6 playing. A leaf table, so OR REPLACE is safe. Format: sssiii.
INSERT OR REPLACE INTO playback (room_id, request_id, song, position_ms, as_of, playing)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);
