-- SPDX-License-Identifier: GPL-3.0-or-later
DELETE FROM room_code WHERE code = ?1 AND planned = 1;
