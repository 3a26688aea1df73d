-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 number, ?3 room, ?4 event, ?5 guest, ?6 status, ?7 song id, ?8 title, ?9 artist, ?10 album, ?11 artwork,
-- ?12 uri, ?13 ms, ?14 explicit, ?15 song key, ?16 name, ?17 message, ?18 by staff, ?19 created, ?20 decided.
-- Format: ssssssssssssiisssiii.
INSERT INTO request (id, number, room_id, event_id, guest_id, status, song_id, title, artist, album, artwork,
                     uri, duration_ms, explicit, song_key, name, message, by_staff, created_at, decided_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20);
