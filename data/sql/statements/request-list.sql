-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 room, ?2-3 created_at and id before which to begin, ?4 how many. Format: sisi.
SELECT id, number, event_id, guest_id, status, song_id, title, artist, album, artwork, uri, duration_ms, explicit,
       song_key, name, message, message_shown, pinned, by_staff, rank, votes, turn, reason_code, reason_text,
       created_at, decided_at, started_at, ended_at, room_id
  FROM request
 WHERE room_id = ?1 AND created_at <= ?2 AND (created_at, id) < (?2, ?3)
 ORDER BY created_at DESC, id DESC LIMIT ?4;
