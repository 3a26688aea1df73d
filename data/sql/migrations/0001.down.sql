-- SPDX-License-Identifier: GPL-3.0-or-later
-- From version 1 back to an empty file: children before parents.

DROP TABLE base_idempotency;
DROP TRIGGER base_audit_undeleted;
DROP TRIGGER base_audit_unchanged;
DROP TABLE base_audit;
DROP TABLE base_counter;
DROP TABLE base_setting;
DROP TABLE base_member;
DROP TABLE base_display;
DROP TABLE base_playback;
DROP TABLE base_play;
DROP TABLE base_vote;
DROP TABLE base_request;
DROP TABLE base_guest;
DROP TABLE base_event;
DROP TABLE base_room;
DROP TABLE base_tenant;

PRAGMA user_version = 0;
PRAGMA application_id = 0;
