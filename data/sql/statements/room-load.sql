-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT id, code, name, source, switch_state, volume, wifi_ssid, wifi_password, wifi_hidden, wifi_shown,
       announcement, filler, music_folder, filler_folder, created_at, sources, fallback_seconds
  FROM room ORDER BY created_at, id;
