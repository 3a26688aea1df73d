-- SPDX-License-Identifier: GPL-3.0-or-later
-- The indexes that are not a table's keys: quicker made of all rows at the end than kept along.
SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name;
