-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 1: an organization's data.
--
-- Rules every table obeys, and tests check:
--   * it is named base_<name>; code sees it as the view <name>, bound to one organization;
--   * tenant_id leads its primary key, every unique key and every foreign key, so that the same
--     schema serves one organization a file and many in one;
--   * ids are UUIDv7 text, times are wall clock microseconds, 0 = it has not happened;
--   * synced tables end in origin (which host wrote the row last) and hlc (hybrid logical
--     time of that write), filled by the scope, never by callers.
-- A released step is frozen: changes come as the next number.

PRAGMA application_id = 0x546d706f;
PRAGMA user_version = 1;

-- Whose rows the file holds. hlc: no hybrid time above it was ever given out, so that a clock
-- set back while Tempo was not running cannot make time go backwards.
CREATE TABLE base_tenant (
  tenant_id TEXT NOT NULL,
  origin TEXT NOT NULL,
  hlc INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE base_room (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT 'manual',
  switch_state TEXT NOT NULL DEFAULT 'open' CHECK (switch_state IN ('open', 'restricted', 'closed')),
  volume REAL NOT NULL DEFAULT 1.0,
  wifi_ssid TEXT,
  wifi_password TEXT,
  wifi_hidden INTEGER NOT NULL DEFAULT 0,
  wifi_shown INTEGER NOT NULL DEFAULT 0,
  announcement TEXT,
  filler INTEGER NOT NULL DEFAULT 0,
  music_folder TEXT,
  filler_folder TEXT,
  created_at INTEGER NOT NULL,
  origin TEXT NOT NULL,
  hlc INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, code)
) STRICT;

CREATE TABLE base_event (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  number TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'scheduled' CHECK (state IN ('scheduled', 'active', 'ended')),
  rules TEXT NOT NULL DEFAULT '{}',
  starts_at INTEGER NOT NULL DEFAULT 0,
  started_at INTEGER NOT NULL DEFAULT 0,
  last_call_at INTEGER NOT NULL DEFAULT 0,
  ended_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  origin TEXT NOT NULL,
  hlc INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, number),
  FOREIGN KEY (tenant_id, room_id) REFERENCES base_room (tenant_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX base_event_one_active ON base_event (tenant_id, room_id) WHERE state = 'active';
CREATE INDEX base_event_by_room ON base_event (tenant_id, room_id, created_at);

CREATE TABLE base_guest (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  token_digest TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  held INTEGER NOT NULL DEFAULT 0,
  muted_until INTEGER NOT NULL DEFAULT 0,
  banned_until INTEGER NOT NULL DEFAULT 0,
  first_seen_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  origin TEXT NOT NULL,
  hlc INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, token_digest)
) STRICT;

CREATE TABLE base_request (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  number TEXT NOT NULL,
  room_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  guest_id TEXT,
  status TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'playing', 'played',
                                         'declined', 'withdrawn', 'expired', 'failed')),
  song_id TEXT,
  title TEXT NOT NULL,
  artist TEXT NOT NULL DEFAULT '',
  album TEXT,
  artwork TEXT,
  uri TEXT,
  duration_ms INTEGER NOT NULL DEFAULT 0,
  explicit INTEGER NOT NULL DEFAULT 0,
  song_key TEXT NOT NULL DEFAULT '',
  name TEXT NOT NULL DEFAULT '',
  message TEXT,
  message_shown INTEGER NOT NULL DEFAULT 0,
  pinned INTEGER NOT NULL DEFAULT 0,
  by_staff INTEGER NOT NULL DEFAULT 0,
  rank INTEGER NOT NULL DEFAULT 0,
  votes INTEGER NOT NULL DEFAULT 0,
  turn INTEGER NOT NULL DEFAULT 0,
  reason_code TEXT,
  reason_text TEXT,
  created_at INTEGER NOT NULL,
  decided_at INTEGER NOT NULL DEFAULT 0,
  started_at INTEGER NOT NULL DEFAULT 0,
  ended_at INTEGER NOT NULL DEFAULT 0,
  origin TEXT NOT NULL,
  hlc INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, number),
  FOREIGN KEY (tenant_id, room_id) REFERENCES base_room (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, event_id) REFERENCES base_event (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, guest_id) REFERENCES base_guest (tenant_id, id)
) STRICT;
CREATE INDEX base_request_by_event ON base_request (tenant_id, event_id, status);
CREATE INDEX base_request_by_room ON base_request (tenant_id, room_id, created_at);
CREATE INDEX base_request_by_guest ON base_request (tenant_id, guest_id, event_id) WHERE guest_id IS NOT NULL;

CREATE TABLE base_vote (
  tenant_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  guest_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  origin TEXT NOT NULL,
  hlc INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, request_id, guest_id),
  FOREIGN KEY (tenant_id, request_id) REFERENCES base_request (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, guest_id) REFERENCES base_guest (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX base_vote_by_guest ON base_vote (tenant_id, guest_id);

CREATE TABLE base_play (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  event_id TEXT,
  request_id TEXT,
  song_id TEXT,
  title TEXT NOT NULL,
  artist TEXT NOT NULL DEFAULT '',
  song_key TEXT NOT NULL DEFAULT '',
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL DEFAULT 0,
  origin TEXT NOT NULL,
  hlc INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, room_id) REFERENCES base_room (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, event_id) REFERENCES base_event (tenant_id, id),
  FOREIGN KEY (tenant_id, request_id) REFERENCES base_request (tenant_id, id)
) STRICT;
CREATE INDEX base_play_by_room ON base_play (tenant_id, room_id, started_at);
CREATE INDEX base_play_by_event ON base_play (tenant_id, event_id) WHERE event_id IS NOT NULL;
CREATE INDEX base_play_by_request ON base_play (tenant_id, request_id) WHERE request_id IS NOT NULL;

-- A foreign key of two columns cannot be SET NULL by half, and tenant_id must stay: so what
-- outlives its guest, event or request forgets it here.
CREATE TRIGGER base_guest_forgotten BEFORE DELETE ON base_guest
BEGIN
  UPDATE base_request SET guest_id = NULL WHERE tenant_id = OLD.tenant_id AND guest_id = OLD.id;
END;
CREATE TRIGGER base_event_forgotten BEFORE DELETE ON base_event
BEGIN
  UPDATE base_play SET event_id = NULL WHERE tenant_id = OLD.tenant_id AND event_id = OLD.id;
END;
CREATE TRIGGER base_request_forgotten BEFORE DELETE ON base_request
BEGIN
  UPDATE base_play SET request_id = NULL WHERE tenant_id = OLD.tenant_id AND request_id = OLD.id;
END;

-- What sounds in a room now, so that a restart continues there. Of this host only, not synced.
CREATE TABLE base_playback (
  tenant_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  request_id TEXT,
  song TEXT NOT NULL,
  position_ms INTEGER NOT NULL DEFAULT 0,
  as_of INTEGER NOT NULL,
  playing INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, room_id),
  FOREIGN KEY (tenant_id, room_id) REFERENCES base_room (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE base_display (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  token_digest TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER NOT NULL DEFAULT 0,
  origin TEXT NOT NULL,
  hlc INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, token_digest),
  FOREIGN KEY (tenant_id, room_id) REFERENCES base_room (tenant_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX base_display_by_room ON base_display (tenant_id, room_id);

CREATE TABLE base_member (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  username TEXT NOT NULL,
  password_hash TEXT NOT NULL DEFAULT '',
  role TEXT NOT NULL CHECK (role IN ('viewer', 'member', 'admin', 'owner')),
  token_version INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  origin TEXT NOT NULL,
  hlc INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, username)
) STRICT;

CREATE TABLE base_setting (
  tenant_id TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  origin TEXT NOT NULL,
  hlc INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, key)
) STRICT, WITHOUT ROWID;

-- The next human number of a kind (EVT, REQ, …). Of this host only, not synced.
CREATE TABLE base_counter (
  tenant_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  next INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, kind)
) STRICT, WITHOUT ROWID;

-- Who did what. seq, prev and hash are filled by the scope: each origin has one chain, hash =
-- SHA-256 over the tenant, prev and every other value of the row but hlc. Rows are added, never changed.
CREATE TABLE base_audit (
  tenant_id TEXT NOT NULL,
  origin TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT,
  actor_name TEXT,
  action TEXT NOT NULL,
  object_kind TEXT,
  object_id TEXT,
  before TEXT,
  after TEXT,
  reason TEXT,
  address TEXT,
  agent TEXT,
  prev TEXT NOT NULL,
  hash TEXT NOT NULL,
  hlc INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, origin, seq)
) STRICT;
CREATE INDEX base_audit_by_time ON base_audit (tenant_id, at);
CREATE TRIGGER base_audit_unchanged BEFORE UPDATE ON base_audit
BEGIN
  SELECT RAISE (ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER base_audit_undeleted BEFORE DELETE ON base_audit
BEGIN
  SELECT RAISE (ABORT, 'the audit log is append-only');
END;

-- Answers already given to a client's Idempotency-Key. Of this host only, not synced.
CREATE TABLE base_idempotency (
  tenant_id TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  key TEXT NOT NULL,
  request_id TEXT NOT NULL,
  merged INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, actor_id, key)
) STRICT, WITHOUT ROWID;
