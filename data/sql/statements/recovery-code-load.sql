-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT member_id, digest FROM recovery_code WHERE used_at = 0;
