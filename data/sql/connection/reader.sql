-- SPDX-License-Identifier: GPL-3.0-or-later
-- A reading connection: it never checkpoints (two that do at once can damage a WAL file in this
-- SQLite), so neither automatically nor by closing; query_only is set last, after its views exist.
PRAGMA wal_autocheckpoint = 0;
PRAGMA mmap_size = 0;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -1024;
PRAGMA cell_size_check = ON;
