-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 a guest's id. When the guest was first and last seen. Format: s.
SELECT first_seen_at, last_seen_at FROM guest WHERE id = ?1;
