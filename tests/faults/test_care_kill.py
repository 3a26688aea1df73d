#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test_care_kill.py TEMPOD: ends imports, erasures, room moves, exports and restores with SIGKILL at random moments and looks
whether what is there afterwards is all of it or nothing.

TEMPO_CARE_KILLS sets the number of cycles (24); TEMPO_SEED the seed, which is printed.
"""
import glob
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time

CYCLES = int(os.environ.get("TEMPO_CARE_KILLS", "24"))
ROWS = 3000


class House:
    def __init__(self, program, folder):
        self.program, self.folder = program, os.path.join(folder, "data")

    def start(self, *arguments, text=""):
        process = subprocess.Popen([self.program, arguments[0], *arguments[1:], "--data-dir", self.folder], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        process.stdin.write(text)
        process.stdin.close()
        return process

    def run(self, *arguments, text=""):
        process = self.start(*arguments, text=text)
        answer, complaint = process.stdout.read(), process.stderr.read()
        return process.wait(), answer.strip() + complaint.strip()

    def must(self, *arguments, text=""):
        code, answer = self.run(*arguments, text=text)
        if code != 0:
            raise RuntimeError(f"{arguments}: {answer}")
        return answer

    def killed(self, dice, longest, *arguments):
        process = self.start(*arguments)
        time.sleep(dice.uniform(0, longest))
        process.kill()
        process.wait()

    def files(self):
        return glob.glob(os.path.join(self.folder, "organizations", "*", "tempo.db"))

    def registered(self):
        with sqlite3.connect(os.path.join(self.folder, "registry.db")) as db:
            return dict(db.execute("SELECT slug, id FROM organization")), dict(db.execute("SELECT code, organization_id FROM room_code"))

    def count(self, organization, table="request"):
        with sqlite3.connect(os.path.join(self.folder, "organizations", organization, "tempo.db")) as db:
            return db.execute(f"SELECT count(*) FROM base_{table}").fetchone()[0]


def judge(house, complaints, what, good):
    if not good:
        complaints.append(what)
        print(f"# {what}", flush=True)


def check_all(house, complaints, what):
    """A start settles what was left over; then every organization is whole and nothing lies about."""
    house.must("setting", "port")
    slugs, codes = house.registered()
    folders = {os.path.basename(os.path.dirname(path)) for path in house.files()}
    judge(house, complaints, f"{what}: folders and registry differ", folders == set(slugs.values()))
    judge(house, complaints, f"{what}: something was left over",
          not glob.glob(os.path.join(house.folder, "organizations", ".import-*")))
    for slug, identity in slugs.items():
        code, answer = house.run("audit", "verify", "--organization", slug)
        judge(house, complaints, f"{what}: {answer}", code == 0)
        judge(house, complaints, f"{what}: {slug} has {house.count(identity)} requests", house.count(identity) in (0, ROWS))
    return slugs, codes


CANARY = "Hippopotamus amphibius"


class SecondHouse(House):
    """For what changes one house's file in place: a guest's songs, a copy of another day, a predecessor's data."""

    def prepare(self, folder):
        self.older, self.more = os.path.join(folder, "older.json"), os.path.join(folder, "more.json")
        for path, first in ((self.older, 0), (self.more, ROWS)):
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"requests": [{"id": n, "title": f"Song {n}", "name": f"Guest {n}"} for n in range(first, first + ROWS)]}, file)
        self.must("init", "--organization", "Acme", "--slug", "acme", "--username", "ann", text="a good password\n")
        self.must("import-single-tenant", "--from", self.older)
        self.copy = self.must("backup", "--organization", "default").splitlines()[-1]
        self.path = [path for path in self.files() if self.registered()[0]["default"] in path][0]
        self.guests = 0

    def add_guest(self):
        """A guest with half of the songs, past the engine."""
        self.guests += 1
        guest = f"01900000-0000-7000-8000-{self.guests:012x}"
        with sqlite3.connect(self.path) as db:
            tenant, origin = db.execute("SELECT tenant_id, origin FROM base_tenant").fetchone()
            db.execute("INSERT INTO base_guest (tenant_id, id, token_digest, name, first_seen_at, last_seen_at, origin, hlc) VALUES (?, ?, ?, ?, 1, 1, ?, 1)",
                       (tenant, guest, f"digest {self.guests}", CANARY, origin))
            db.execute("UPDATE base_request SET guest_id = ?, name = ? WHERE substr (id, 1, 1) < '8'", (guest, CANARY))
        return guest

    def ask(self, sql):
        with sqlite3.connect(self.path) as db:
            return db.execute(sql).fetchone()[0]

    def named(self):
        return self.ask(f"SELECT count(*) FROM base_request WHERE name = '{CANARY}'"), self.ask(f"SELECT count(*) FROM base_guest WHERE name = '{CANARY}'")

    def has_canary(self):
        folder = os.path.dirname(self.path)
        return [name for name in glob.glob(os.path.join(folder, "**"), recursive=True)
                if os.path.isfile(name) and CANARY.encode() in open(name, "rb").read()]


def kill_second(house, dice, complaints, number):
    kind = number % 3
    what = ["guest erase", "restore", "predecessor's import"][kind]
    if kind == 0:
        guest = house.add_guest()
        before = house.named()
        house.killed(dice, 0.4, "erase", "--organization", "default", "--guest", guest, "--yes")
    elif kind == 1:
        before = house.count(house.registered()[0]["default"])
        house.killed(dice, 0.3, "restore", "--organization", "default", "--backup", house.copy)
    else:
        house.must("restore", "--organization", "default", "--backup", house.copy)
        house.killed(dice, 0.4, "import-single-tenant", "--from", house.more)
    house.must("setting", "port")
    code, answer = house.run("audit", "verify", "--organization", "default")
    judge(house, complaints, f"{what}: {answer}", code == 0)
    rows = house.ask("SELECT count(*) FROM base_request")
    judge(house, complaints, f"{what}: SQLite finds damage", house.ask("PRAGMA integrity_check") == "ok")
    if kind == 0:
        judge(house, complaints, f"{what}: {house.named()} after {before}", house.named() in (before, (0, 0)))
        # A receipt is there only of what is gone, bytes and copies too; and doing it again ends with one.
        if f'"{guest}"' in (house.ask("SELECT ifnull (group_concat (body), '') FROM base_receipt")):
            judge(house, complaints, f"{what}: receipted, and still there", house.named() == (0, 0) and not house.has_canary())
        receipt = json.loads(house.must("erase", "--organization", "default", "--guest", guest, "--yes"))
        judge(house, complaints, f"{what}: the receipt is of somebody else", receipt["guest"] == guest)
        judge(house, complaints, f"{what}: {house.has_canary()}", house.named() == (0, 0) and not house.has_canary())
    elif kind == 1:
        judge(house, complaints, f"{what}: {rows} requests", rows in (before, ROWS))
        house.must("restore", "--organization", "default", "--backup", house.copy)
        judge(house, complaints, f"{what}: not restored", house.ask("SELECT count(*) FROM base_request") == ROWS)
        judge(house, complaints, f"{what}: something half lies there", not glob.glob(house.path + ".restoring*"))
    else:
        judge(house, complaints, f"{what}: {rows} requests", rows in (ROWS, 2 * ROWS))
        house.must("import-single-tenant", "--from", house.more)
        judge(house, complaints, f"{what}: doubled or lost", house.ask("SELECT count(*) FROM base_request") == 2 * ROWS)


def main():
    seed = int(os.environ.get("TEMPO_SEED", random.randrange(1 << 30)))
    dice, complaints = random.Random(seed), []
    print(f"TAP version 13\n1..1\n# {CYCLES} kills, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="tempo-care-") as folder:
        house = House(sys.argv[1], folder)
        old, archive = os.path.join(folder, "old.json"), os.path.join(folder, "all.tar.gz")
        with open(old, "w", encoding="utf-8") as file:
            json.dump({"requests": [{"id": n, "title": f"Song {n}", "name": f"Guest {n}"} for n in range(ROWS)]}, file)
        house.must("init", "--organization", "Acme", "--slug", "acme", "--username", "ann", text="a good password\n")
        house.must("import-single-tenant", "--from", old)
        room = [code for code, owner in house.registered()[1].items() if owner == house.registered()[0]["default"]][0]
        house.must("export", "--organization", "default", "--to", archive)
        for number in range(CYCLES):
            kind = number % 4
            if kind == 0:
                house.killed(dice, 0.5, "import", "--from", archive, "--as-new", "--slug", "copy")
            elif kind == 1:
                house.run("import", "--from", archive, "--as-new", "--slug", "copy")
                house.killed(dice, 0.3, "erase", "--organization", "copy", "--yes")
            elif kind == 2:
                owner = house.registered()[1][room]
                house.killed(dice, 0.4, "room", "move", "--room", room, "--to", "acme" if owner == house.registered()[0]["default"] else "default")
            else:
                house.killed(dice, 0.4, "export", "--organization", "acme", "--to", os.path.join(folder, "cut.tar.gz"))
                left = os.path.join(folder, "cut.tar.gz")
                if os.path.exists(left):
                    judge(house, complaints, "a cut export has its name", subprocess.run(["gzip", "-t", left], check=False).returncode == 0)
            slugs, codes = check_all(house, complaints, ["import", "erase", "move", "export"][kind])
            total = sum(house.count(identity) for slug, identity in slugs.items() if slug != "copy")
            judge(house, complaints, f"{total} requests in all", total == ROWS)
            judge(house, complaints, "the room's door leads elsewhere", house.count(codes[room]) == ROWS)
        second = SecondHouse(sys.argv[1], os.path.join(folder, "second"))
        os.mkdir(os.path.join(folder, "second"))
        second.prepare(folder)
        for number in range(CYCLES // 2):
            kill_second(second, dice, complaints, number)
    print("ok" if not complaints else "not ok", "1 all of it or nothing, after every kill")
    return 1 if complaints else 0


sys.exit(main())
