-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 actor: the keys of somebody who is forgotten. Format: s.
DELETE FROM idempotency WHERE actor_id = ?1;
