-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 event, ?2 how many: the newest of what is over. Format: si.
SELECT id, number, event_id, guest_id, status, song_id, title, artist, album, artwork, uri, duration_ms, explicit,
       song_key, name, message, message_shown, pinned, by_staff, rank, votes, turn, reason_code, reason_text,
       created_at, decided_at, started_at, ended_at, room_id
  FROM request
 WHERE event_id = ?1 AND status IN ('played', 'declined', 'withdrawn', 'expired', 'failed')
 ORDER BY ended_at DESC, id DESC LIMIT ?2;
