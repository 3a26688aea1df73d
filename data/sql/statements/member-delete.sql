-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id; factors, sessions and reset links go with it. Format: s.
DELETE FROM member WHERE id = ?1;
