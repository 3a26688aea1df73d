-- SPDX-License-Identifier: GPL-3.0-or-later
-- Rows are only ever added, so what comes later has a higher one.
SELECT ifnull (max (rowid), 0) FROM base_audit;
