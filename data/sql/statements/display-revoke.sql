-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 at. Format: si.
UPDATE display SET revoked_at = ?2 WHERE id = ?1;
