-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 room or NULL, ?2 first day, ?3 last day, ?4 how many. Format: sssi.
SELECT words, sum (count) AS times FROM search_miss
 WHERE (?1 IS NULL OR room_id = ?1) AND day >= ?2 AND day <= ?3
 GROUP BY words ORDER BY times DESC, words LIMIT ?4;
