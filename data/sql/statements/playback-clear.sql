-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 room. Format: s.
DELETE FROM playback WHERE room_id = ?1;
