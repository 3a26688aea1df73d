-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 room, ?2 key.
DELETE FROM room_setting WHERE room_id = ?1 AND key = ?2;
