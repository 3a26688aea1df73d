-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 room, ?2 ended, ?3 since: whatever is still open there. Format: sii.
UPDATE play SET ended_at = ?2 WHERE room_id = ?1 AND started_at >= ?3 AND ended_at = 0;
