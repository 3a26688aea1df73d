-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 used, ?3 expires, ?4 ended. Format: siii.
UPDATE session SET used_at = ?2, expires_at = ?3, ended_at = ?4 WHERE id = ?1;
