-- SPDX-License-Identifier: GPL-3.0-or-later
-- As the predecessors had it: nobody owns a row.
CREATE TABLE single.requests (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, artist TEXT, album TEXT, requester_name TEXT, message TEXT, status TEXT, created_at TEXT
);
CREATE TABLE single.settings (key TEXT PRIMARY KEY, value TEXT);
