-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 active. Format: si.
UPDATE room SET active = ?2 WHERE id = ?1;
