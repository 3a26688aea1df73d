-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 votes. Format: si.
UPDATE request SET votes = ?2 WHERE id = ?1;
