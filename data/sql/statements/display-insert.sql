-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 room, ?3 name, ?4 token digest, ?5 created. Format: ssssi.
INSERT INTO display (id, room_id, name, token_digest, created_at) VALUES (?1, ?2, ?3, ?4, ?5);
