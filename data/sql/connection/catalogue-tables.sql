-- SPDX-License-Identifier: GPL-3.0-or-later
-- The tables to be guarded, without their prefix.
SELECT substr (name, 6) FROM main.sqlite_schema WHERE type = 'table' AND substr (name, 1, 5) = 'base_' ORDER BY name;
