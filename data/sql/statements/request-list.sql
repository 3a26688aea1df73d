-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 room, ?2 event or NULL, ?3 status or NULL, ?4-5 created_at and id before which to begin, ?6 how many. Format: sssisi.
SELECT id, number, event_id, guest_id, status, song_id, title, artist, album, artwork, uri, duration_ms, explicit,
       song_key, name, message, message_shown, pinned, by_staff, rank, votes, turn, reason_code, reason_text,
       created_at, decided_at, started_at, ended_at, room_id
  FROM request
 WHERE room_id = ?1 AND (?2 IS NULL OR event_id = ?2) AND (?3 IS NULL OR status = ?3)
   AND created_at <= ?4 AND (created_at, id) < (?4, ?5)
 ORDER BY created_at DESC, id DESC LIMIT ?6;
