-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT room_id, key, value FROM room_setting ORDER BY room_id, key;
