-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 2: people with second factors, sessions and invitations; rooms with several sources;
-- usage by day. The rules of 0001.up.sql hold.

PRAGMA user_version = 2;

-- sources: a JSON array of kinds in the order they are tried, '' for the one in source.
ALTER TABLE base_room ADD COLUMN sources TEXT NOT NULL DEFAULT '';
ALTER TABLE base_room ADD COLUMN fallback_seconds INTEGER NOT NULL DEFAULT 10;
ALTER TABLE base_room ADD COLUMN active INTEGER NOT NULL DEFAULT 1;

ALTER TABLE base_member ADD COLUMN active INTEGER NOT NULL DEFAULT 1;
ALTER TABLE base_member ADD COLUMN password_set_at INTEGER NOT NULL DEFAULT 0;

-- What is set for one room; the organization's own settings are in setting.
CREATE TABLE base_room_setting (
  tenant_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  origin TEXT NOT NULL,
  hlc INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, room_id, key),
  FOREIGN KEY (tenant_id, room_id) REFERENCES base_room (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- A member's time-based codes (RFC 6238). confirmed_at 0: shown, not yet proved. last_step: the newest
-- step a code was taken of, so that none is taken twice.
CREATE TABLE base_second_factor (
  tenant_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  secret TEXT NOT NULL,
  confirmed_at INTEGER NOT NULL DEFAULT 0,
  last_step INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  origin TEXT NOT NULL,
  hlc INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, member_id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES base_member (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE base_recovery_code (
  tenant_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  used_at INTEGER NOT NULL DEFAULT 0,
  origin TEXT NOT NULL,
  hlc INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, member_id, digest),
  FOREIGN KEY (tenant_id, member_id) REFERENCES base_member (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Who is signed in where; id is the token's jti. Of this host only, not synced.
CREATE TABLE base_session (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL DEFAULT 0,
  address TEXT,
  agent TEXT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES base_member (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX base_session_by_member ON base_session (tenant_id, member_id, created_at);

-- One use, with an end: an invitation makes a member of @role, a reset gives @member_id a new password.
CREATE TABLE base_invitation (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'invitation' CHECK (kind IN ('invitation', 'reset')),
  token_digest TEXT NOT NULL,
  role TEXT CHECK (role IN ('viewer', 'member', 'admin', 'owner')),
  member_id TEXT,
  note TEXT NOT NULL DEFAULT '',
  created_by TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL DEFAULT 0,
  revoked_at INTEGER NOT NULL DEFAULT 0,
  origin TEXT NOT NULL,
  hlc INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, token_digest),
  FOREIGN KEY (tenant_id, member_id) REFERENCES base_member (tenant_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX base_invitation_by_member ON base_invitation (tenant_id, member_id) WHERE member_id IS NOT NULL;

-- Counts of a day, "2026-11-27" in the organization's own time; each host has its row, a sum is over hosts.
CREATE TABLE base_usage (
  tenant_id TEXT NOT NULL,
  origin TEXT NOT NULL,
  day TEXT NOT NULL,
  metric TEXT NOT NULL,
  value INTEGER NOT NULL,
  hlc INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, origin, day, metric)
) STRICT, WITHOUT ROWID;
CREATE INDEX base_usage_by_day ON base_usage (tenant_id, day);

-- What guests looked for and did not find, folded; a word of the house, not of a guest.
CREATE TABLE base_search_miss (
  tenant_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  day TEXT NOT NULL,
  words TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, room_id, day, words),
  FOREIGN KEY (tenant_id, room_id) REFERENCES base_room (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What was proved to somebody: an erasure, an import, a move. body: JSON.
CREATE TABLE base_receipt (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL DEFAULT '{}',
  origin TEXT NOT NULL,
  hlc INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;

-- The log by what was done and by whom. Without guests: each would have a page of the index to rewrite at every wish,
-- and a guest's rows lie close together in time.
CREATE INDEX base_audit_by_action ON base_audit (tenant_id, action, at);
CREATE INDEX base_audit_by_actor ON base_audit (tenant_id, actor_id, at) WHERE actor_kind <> 'guest';

-- Lists of staff, newest first, over years.
CREATE INDEX base_request_by_status ON base_request (tenant_id, room_id, status, created_at);
CREATE INDEX base_event_by_time ON base_event (tenant_id, created_at, id);
