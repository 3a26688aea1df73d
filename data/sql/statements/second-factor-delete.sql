-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 member. Format: s.
DELETE FROM second_factor WHERE member_id = ?1;
