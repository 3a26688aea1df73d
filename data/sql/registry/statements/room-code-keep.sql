-- SPDX-License-Identifier: GPL-3.0-or-later
UPDATE room_code SET planned = 0 WHERE code = ?1;
