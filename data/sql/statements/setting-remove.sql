-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 key.
DELETE FROM setting WHERE key = ?1;
