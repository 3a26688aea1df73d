-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 room, ?2 day, ?3 words, ?4 how often more. Format: sssi.
INSERT OR REPLACE INTO search_miss (room_id, day, words, count)
SELECT ?1, ?2, ?3, ?4 + ifnull ((SELECT count FROM search_miss WHERE room_id = ?1 AND day = ?2 AND words = ?3), 0)
 WHERE EXISTS (SELECT 1 FROM room WHERE id = ?1);
