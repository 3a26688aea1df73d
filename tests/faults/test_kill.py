#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test_kill.py TEMPOD: ends tempod with SIGKILL at random moments while guests ask,
starts it again, and compares what guests were told with what is there.

TEMPO_KILLS sets the number of cycles (50); TEMPO_SEED the seed, which is printed.
"""
import http.client
import os
import random
import sys
import tempfile
import threading
import time

from tempod import Tempod

CYCLES = int(os.environ.get("TEMPO_KILLS", "50"))
GUESTS = 8


def ask(tempod, code, acknowledged, number, stop):
    """One guest: asks until the server is gone; notes only what it was told."""
    connection, cookie, count = tempod.connect(), None, 0
    while not stop.is_set():
        body = {"title": f"Song {number} {count} {time.monotonic_ns()}", "artist": "Fault"}
        try:
            status, document, answer = tempod.call("POST", f"/api/rooms/{code}/requests", body, connection, cookie or "tempo_none=1")
        except (OSError, http.client.HTTPException, ValueError):
            return
        if status != 201:
            raise RuntimeError(f"a wish was refused: {status} {document}")
        acknowledged.append(document["request"]["id"])
        if not cookie:
            cookie = (answer.getheader("Set-Cookie") or "").split(";")[0] or None
        count += 1


def cycle(tempod, code, dice):
    acknowledged, stop = [], threading.Event()
    guests = [threading.Thread(target=ask, args=(tempod, code, acknowledged, n, stop)) for n in range(GUESTS)]
    for guest in guests:
        guest.start()
    # The kill comes after a random number of answers, so that it falls anywhere in the writer's turn.
    wanted, deadline = dice.randrange(1, 120), time.monotonic() + 20
    while len(acknowledged) < wanted and time.monotonic() < deadline:
        threading.Event().wait(0.001)
    tempod.kill()
    stop.set()
    for guest in guests:
        guest.join()
    return acknowledged


def main():
    seed = int(os.environ.get("TEMPO_SEED", random.randrange(1 << 30)))
    dice, told, lost = random.Random(seed), set(), set()
    print(f"TAP version 13\n1..2\n# {CYCLES} kills, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="tempo-kill-") as folder:
        tempod = Tempod(sys.argv[1], folder)
        tempod.init()
        tempod.start()
        code = tempod.open_doors()
        resumed = True
        for number in range(CYCLES):
            told.update(cycle(tempod, code, dice))
            tempod.start()
            state = tempod.call("GET", f"/api/rooms/{code}", cookie="tempo_none=1")[1]
            resumed = resumed and state["event"] is not None and state["event"]["name"] == "Fault night"
            if number % 10 == 9 or number == CYCLES - 1:
                tempod.sign_in()
                lost |= told - tempod.stored_ids()
        ended = tempod.stop()
    print(f"# {len(told)} acknowledged, {len(lost)} lost", flush=True)
    print("not ok" if lost or not told else "ok", "1 nothing acknowledged is lost")
    print("ok" if resumed and ended == 0 else "not ok", "2 the same event goes on after every kill")
    return 1 if lost or not resumed else 0


sys.exit(main())
