-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 kind: one more number is given out.
INSERT INTO base_counter (tenant_id, kind, next) VALUES (?1, ?2, 2)
ON CONFLICT (tenant_id, kind) DO UPDATE SET next = next + 1;
