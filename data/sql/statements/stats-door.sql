-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 first day, ?2 last day, ?3 how many. What the rules turned away before it became a request. Format: ssi.
SELECT substr (metric, 9), sum (value) AS times FROM usage
 WHERE day >= ?1 AND day <= ?2 AND substr (metric, 1, 8) = 'refused.'
 GROUP BY metric ORDER BY times DESC, metric LIMIT ?3;
