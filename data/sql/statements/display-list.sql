-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 room or NULL, ?2-3 created_at and id before which to begin, ?4 how many. Format: sisi.
SELECT id, room_id, name, created_at
  FROM display
 WHERE revoked_at = 0 AND (?1 IS NULL OR room_id = ?1) AND (created_at, id) < (?2, ?3)
 ORDER BY created_at DESC, id DESC LIMIT ?4;
