-- SPDX-License-Identifier: GPL-3.0-or-later
-- The schema's own triggers, which may touch base tables.
SELECT name FROM main.sqlite_schema WHERE type = 'trigger';
