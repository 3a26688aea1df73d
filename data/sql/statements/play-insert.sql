-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 room, ?3 event, ?4 request, ?5 song, ?6 title, ?7 artist, ?8 song key, ?9 started. Format: ssssssssi.
INSERT INTO play (id, room_id, event_id, request_id, song_id, title, artist, song_key, started_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);
