-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 the file a room comes from. Only for two files that nobody has open.
ATTACH ?1 AS gone;
