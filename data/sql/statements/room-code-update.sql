-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 code. Format: ss.
UPDATE room SET code = ?2 WHERE id = ?1;
