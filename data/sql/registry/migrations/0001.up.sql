-- SPDX-License-Identifier: GPL-3.0-or-later
-- The registry of a data folder, version 1: what belongs to no organization.

PRAGMA application_id = 0x546d7265;
PRAGMA user_version = 1;

CREATE TABLE organization (
  id TEXT NOT NULL PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  accent TEXT,
  logo TEXT,
  welcome TEXT
) STRICT;

-- Members (of any organization here) who run the installation itself.
CREATE TABLE super_admin (
  organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
  member_id TEXT NOT NULL,
  PRIMARY KEY (organization_id, member_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Join codes are unique on the host, whatever organization the room is of.
CREATE TABLE room_code (
  code TEXT NOT NULL PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
  room_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX room_code_by_organization ON room_code (organization_id);
