-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 table. Name, default when the column may not be NULL, whether it is of the primary key.
SELECT name, iif ("notnull", dflt_value, NULL), pk > 0 FROM pragma_table_info (?1) ORDER BY cid;
