-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 kind, ?2 next. A leaf table, so OR REPLACE is safe. Format: si.
INSERT OR REPLACE INTO counter (kind, next) VALUES (?1, ?2);
