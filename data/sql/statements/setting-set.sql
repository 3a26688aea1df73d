-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 key, ?2 value. A leaf table, so OR REPLACE is safe (the scope's header says when it is not).
INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2);
