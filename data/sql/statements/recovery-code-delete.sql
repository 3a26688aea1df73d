-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 member. Format: s.
DELETE FROM recovery_code WHERE member_id = ?1;
