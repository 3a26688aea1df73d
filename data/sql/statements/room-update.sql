-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 name, ?3 source, ?4 switch, ?5 volume, ?6-8 Wi-Fi name, password, hidden, ?9 Wi-Fi shown, ?10 announcement,
-- ?11 filler, ?12 music folder, ?13 filler folder, ?14 sources, ?15 fallback seconds. Format: ssssdssiisisssi.
UPDATE room SET name = ?2, source = ?3, switch_state = ?4, volume = ?5, wifi_ssid = ?6, wifi_password = ?7,
                wifi_hidden = ?8, wifi_shown = ?9, announcement = ?10, filler = ?11, music_folder = ?12,
                filler_folder = ?13, sources = ?14, fallback_seconds = ?15
 WHERE id = ?1;
