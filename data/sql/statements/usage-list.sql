-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 first day, ?2 last day. Peaks are the highest of all hosts, everything else their sum. Format: ss.
SELECT day, metric, iif (metric LIKE 'peak%' OR metric = 'storageBytes', max (value), sum (value))
  FROM usage WHERE day >= ?1 AND day <= ?2 GROUP BY day, metric ORDER BY day, metric;
