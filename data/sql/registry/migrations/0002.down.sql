-- SPDX-License-Identifier: GPL-3.0-or-later
-- From version 2 back to version 1.

ALTER TABLE room_code DROP COLUMN planned;
DROP TRIGGER organization_renamed;
DROP TABLE old_slug;
DROP TABLE source_gate;
DROP TABLE erasure;
DROP TABLE licence;

PRAGMA user_version = 1;
