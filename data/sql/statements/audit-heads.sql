-- SPDX-License-Identifier: GPL-3.0-or-later
-- How long each chain of the log is, and the hash it ends in.
SELECT origin, max (seq), substr (hash, 1, 64) FROM audit GROUP BY origin ORDER BY origin;
