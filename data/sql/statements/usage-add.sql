-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 day, ?2 metric, ?3 how many more. Format: ssi.
INSERT OR REPLACE INTO usage (day, metric, value)
SELECT ?1, ?2, ?3 + ifnull ((SELECT value FROM usage WHERE day = ?1 AND metric = ?2
                              AND origin = (SELECT origin FROM tenant)), 0);
