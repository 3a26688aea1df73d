-- SPDX-License-Identifier: GPL-3.0-or-later
-- The registry, version 2: licences, erasures, gates of music services.

PRAGMA user_version = 2;

-- key_digest: the key itself is nowhere; last_four tells it apart. document: the signed licence as it came.
CREATE TABLE licence (
  organization_id TEXT NOT NULL PRIMARY KEY REFERENCES organization (id) ON DELETE CASCADE,
  key_digest TEXT NOT NULL DEFAULT '',
  last_four TEXT NOT NULL DEFAULT '',
  document TEXT NOT NULL DEFAULT '',
  installed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX licence_by_key ON licence (key_digest) WHERE key_digest <> '';

-- What was erased, and for whom it can be proved; outlives the organization.
CREATE TABLE erasure (
  id TEXT NOT NULL PRIMARY KEY,
  organization_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  receipt TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Not before that time, wall microseconds, may anything be asked of a music service by this client.
CREATE TABLE source_gate (
  client TEXT NOT NULL PRIMARY KEY,
  not_before INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- What organizations were called before: old links go on to them, and nobody else gets the name as long as they do. Each
-- keeps its last eight; the oldest becomes free again.
CREATE TABLE old_slug (
  number INTEGER NOT NULL PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX old_slug_by_organization ON old_slug (organization_id, number);
CREATE TRIGGER organization_renamed AFTER UPDATE OF slug ON organization WHEN old.slug <> new.slug
BEGIN
  DELETE FROM old_slug WHERE slug IN (old.slug, new.slug);
  INSERT INTO old_slug (slug, organization_id) VALUES (old.slug, new.id);
  DELETE FROM old_slug
   WHERE organization_id = new.id
     AND number NOT IN (SELECT number FROM old_slug WHERE organization_id = new.id ORDER BY number DESC LIMIT 8);
END;

-- A code whose room is not known to be in its organization's file: kept or free again once that is seen.
ALTER TABLE room_code ADD COLUMN planned INTEGER NOT NULL DEFAULT 0;
