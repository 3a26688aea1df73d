-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 room, ?2 key, ?3 value. A leaf table, so OR REPLACE is safe (the scope's header says when it is not).
INSERT OR REPLACE INTO room_setting (room_id, key, value) VALUES (?1, ?2, ?3);
