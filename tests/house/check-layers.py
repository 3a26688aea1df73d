#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails on an include that points against the layers.

Each folder of src may include itself and what its row names; the rows are the
architecture of HACKING.md in a form that can fail.
"""
import pathlib
import re
import sys

MAY_USE = {
    "base": "",
    "model": "base",
    "store": "base model",
    "access": "base",
    "secrets": "base",
    "music": "base model secrets",
    "venue": "base model store access secrets music",
    "web": "base access",
    "lan": "base model store access secrets music venue web",
    "display": "base model venue web",  # web for its catalogs: a display speaks another language than the desktop
    "panel": "base model store access music venue web lan display secrets",
    "app": "base model music venue lan display panel secrets",
    "daemon": "base model store access secrets music venue web lan",
}
NO_GTK = set(MAY_USE) - {"display", "panel", "app"}


def wrong_includes(source):
    """Yields (file, line number, what is wrong) for every bad include below `source`."""
    for path in sorted(source.rglob("*.[ch]")):
        layer = path.relative_to(source).parts[0]
        if layer not in MAY_USE:
            yield path, 0, f"folder {layer} is not in the table of layers"
            continue
        allowed = {layer, *MAY_USE[layer].split()}
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.match(r'\s*#\s*include\s*[<"](gtk/|gdk/|adwaita)', line) and layer in NO_GTK:
                yield path, number, f"{layer} may not use GTK"
            match = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
            if not match or "/" not in match[1]:
                continue
            target = match[1].split("/")[0]
            if target in MAY_USE and target not in allowed:
                yield path, number, f"{layer} may not include {target}"


found = list(wrong_includes(pathlib.Path(sys.argv[1])))
for path, number, what in found:
    print(f"{path}:{number}: {what}")
sys.exit(1 if found else 0)
