-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1: keys older than this are forgotten. Format: i.
DELETE FROM idempotency WHERE created_at < ?1;
