-- SPDX-License-Identifier: GPL-3.0-or-later
INSERT INTO organization (id, slug, code, name, active, created_at, accent, logo, welcome)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);
