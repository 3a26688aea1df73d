#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of the house that a machine can see, over the tracked sources.

SQL lives in .sql files and values are bound; files name their licence; every
source with a translatable string is in POTFILES.in, and what is listed exists.
"""
import pathlib
import re
import sys

TOP = pathlib.Path(sys.argv[1])
PRINTF = r"(g_strdup_printf|g_string_append_printf|g_string_printf|g_snprintf|sqlite3_mprintf)"
SQL = r'"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s'


def problems():
    listed = {line for line in (TOP / "po/POTFILES.in").read_text().split("\n") if line and not line.startswith("#")}
    for name in sorted(listed):
        if not (TOP / name).exists():
            yield f"po/POTFILES.in: {name} does not exist"
    for path in sorted((TOP / "src").rglob("*")):
        name = str(path.relative_to(TOP))
        if path.suffix not in (".c", ".h", ".ui"):
            continue
        text = path.read_text()
        if path.suffix != ".ui" and not text.startswith("/* SPDX-License-Identifier: GPL-3.0-or-later */"):
            yield f"{name}:1: no SPDX line"
        if re.search(PRINTF + r"\s*\([^;]*?" + SQL, text, re.S):
            yield f"{name}: SQL made by printf"
        strings = re.search(r'\b(N?C?_|ngettext|dngettext)\s*\(\s*"', text) if path.suffix == ".c" else 'translatable="yes"' in text
        if strings and name not in listed:
            yield f"{name}: has translatable strings and is not in po/POTFILES.in"
    for path in sorted((TOP / "data").rglob("*")):
        name = str(path.relative_to(TOP))
        said = path.suffix == ".js" and re.search(r"""\b[nc]?_\(\s*['"]""", path.read_text())
        if (said or name.endswith((".desktop.in", ".metainfo.xml.in", ".gschema.xml"))) and name not in listed:
            yield f"{name}: has translatable strings and is not in po/POTFILES.in"


found = list(problems())
print("\n".join(found))
sys.exit(1 if found else 0)
