#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""first-frame.py TEMPO FOLDER: milliseconds from the start of the panel to its first frame on the screen,
and the milliseconds of processor time in it, which another program's turn does not lengthen.

Looks at the picture that Xvfb keeps in a file (tests/panel/run-with-display.sh): a sample of its points,
compared with the empty screen. A pointer is a few points, a window is many.
"""
import os
import pathlib
import subprocess
import sys
import time

STEP, WINDOW, DEADLINE = 4001, 100, 60


def spent(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


screen = pathlib.Path(os.environ["XDG_RUNTIME_DIR"]) / "Xvfb_screen0"
empty = screen.read_bytes()[::STEP]
began = time.monotonic()
with subprocess.Popen([sys.argv[1], "--data-dir", sys.argv[2], "--port", "0"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as tempo:
    while time.monotonic() - began < DEADLINE:
        if sum(a != b for a, b in zip(empty, screen.read_bytes()[::STEP])) > WINDOW:
            print(f"{(time.monotonic() - began) * 1000:.0f} {spent(tempo.pid):.0f}")
            break
        time.sleep(0.005)
    tempo.terminate()
