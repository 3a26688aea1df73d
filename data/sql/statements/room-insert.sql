-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 code, ?3 name, ?4 source, ?5 switch, ?6 volume, ?7 filler, ?8 music folder, ?9 created at. Format: sssssdisi.
INSERT INTO room (id, code, name, source, switch_state, volume, filler, music_folder, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);
