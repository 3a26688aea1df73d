-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT id FROM room WHERE active = 0;
