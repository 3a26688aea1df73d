-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 organization, ?3 kind, ?4 when, ?5 receipt. Format: sssis.
INSERT INTO erasure (id, organization_id, kind, at, receipt) VALUES (?1, ?2, ?3, ?4, ?5);
