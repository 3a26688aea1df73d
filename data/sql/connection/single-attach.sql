-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 the file to be, in the form of the predecessors.
ATTACH ?1 AS single;
