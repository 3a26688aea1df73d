-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id. Format: s.
DELETE FROM session WHERE id = ?1;
