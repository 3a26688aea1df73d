-- SPDX-License-Identifier: GPL-3.0-or-later
-- The one writing connection of a file. Checkpoints are its thread's, at a time of its choosing;
-- FULL: a commit that was answered survives a power cut.
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 0;
PRAGMA journal_size_limit = 67108864;
PRAGMA mmap_size = 0;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -8192;
PRAGMA cell_size_check = ON;
PRAGMA foreign_keys = ON;
PRAGMA secure_delete = ON;
