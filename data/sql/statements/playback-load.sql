-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT room_id, request_id, song, position_ms, as_of, playing FROM playback;
