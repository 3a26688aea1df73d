-- SPDX-License-Identifier: GPL-3.0-or-later
-- From version 2 back to version 1.

DROP INDEX base_event_by_time;
DROP INDEX base_request_by_status;
DROP INDEX base_audit_by_actor;
DROP INDEX base_audit_by_action;
DROP TABLE base_receipt;
DROP TABLE base_search_miss;
DROP TABLE base_usage;
DROP TABLE base_invitation;
DROP TABLE base_session;
DROP TABLE base_recovery_code;
DROP TABLE base_second_factor;
DROP TABLE base_room_setting;
ALTER TABLE base_member DROP COLUMN password_set_at;
ALTER TABLE base_member DROP COLUMN active;
ALTER TABLE base_room DROP COLUMN active;
ALTER TABLE base_room DROP COLUMN fallback_seconds;
ALTER TABLE base_room DROP COLUMN sources;

PRAGMA user_version = 1;
