-- SPDX-License-Identifier: GPL-3.0-or-later
-- From version 1 back to an empty file.

DROP TABLE room_code;
DROP TABLE setting;
DROP TABLE super_admin;
DROP TABLE organization;

PRAGMA user_version = 0;
PRAGMA application_id = 0;
