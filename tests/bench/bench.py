#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench.py BUILD [--runs=N] [--only=WORD]: Tempo beside its ceiling, as ratios.

Every row is measured N times (5), Tempo and ceiling in turn, so that a noisy
minute hits both; the median counts. Nothing here passes or fails: it prints.
Loopback only; each load is bounded and ends by itself.
"""
import argparse
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

PASSWORD = "correct horse battery"
OPEN_RULES = {"approval": False, "perGuest": 0, "perGuestWindowMinutes": 0, "cooldownSeconds": 0,
              "noRepeatMinutes": 0, "maxQueue": 0, "maxDurationSeconds": 0, "freeText": True, "order": "first"}


class Server:
    """A program that says "Listening on http://…:PORT", in a folder of its own."""

    def __init__(self, command, folder):
        self.folder = folder
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL)
        self.port = int(re.search(r":(\d+)", self.process.stdout.readline())[1])

    def memory(self):
        """Resident MiB now."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Tempo(Server):
    def __init__(self, build, folder, prepare=True):
        self.tempod = str(build / "src/daemon/tempod")
        if prepare:
            subprocess.run([self.tempod, "init", "--data-dir", folder, "--organization", "Bench", "--username", "owner"],
                           input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL)
        super().__init__([self.tempod, "serve", "--data-dir", folder, "--address", "127.0.0.1", "--port", "0", "--no-rate-limit"], folder)
        self.cookie = None
        self.room = self.code = self.kept = None

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/json"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text[:400]}")
        if answer.getheader("Set-Cookie", "").startswith("tempo_session"):
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        return json.loads(text) if text else None

    def time(self, path):
        """Milliseconds of one answer on a kept connection."""
        if self.kept is None:
            self.kept = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        began = time.perf_counter()
        self.kept.request("GET", path, headers={"Cookie": self.cookie})
        answer = self.kept.getresponse()
        text = answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.status != 200:
            raise SystemExit(f"GET {path}: {answer.status} {text[:400]}")
        return took

    def open_doors(self):
        self.call("POST", "/api/auth/login", {"username": "owner", "password": PASSWORD})
        room = self.call("GET", "/api/bench/rooms")["rooms"][0]
        self.room, self.code = room["id"], room["code"]
        self.call("POST", "/api/bench/events", {"roomId": self.room, "name": "Bench", "rules": OPEN_RULES, "state": "active"})
        return self


class Bench:
    def __init__(self, build, runs, only):
        self.build, self.runs, self.only, self.rows = build, runs, only, []

    def load(self, port, *arguments):
        result = subprocess.run([str(self.build / "tests/bench/bench-load"), f"--port={port}", *arguments], capture_output=True, text=True)
        if result.returncode != 0:
            sys.stderr.write(result.stderr[:2000] + result.stdout)
        return json.loads(result.stdout.splitlines()[-1])

    def folder(self):
        return tempfile.mkdtemp(prefix="tempo-bench-", dir=os.environ.get("TEMPO_BENCH_DIR", "/var/tmp"))

    def ceiling(self):
        folder = self.folder()
        return Server([str(self.build / "tests/bench/bench-ceiling"), folder + "/ceiling.db"], folder)

    def tempo(self):
        return Tempo(self.build, self.folder()).open_doors()

    def pairs(self, name, measure):
        """measure(server, kind) -> dict, for ceiling and Tempo in turn; rows of medians by key."""
        found = {"ceiling": [], "tempo": []}
        for _ in range(self.runs):
            for kind in found:
                with (self.ceiling() if kind == "ceiling" else self.tempo()) as server:
                    found[kind].append(measure(server, kind))
                shutil.rmtree(server.folder, ignore_errors=True)
        return {kind: {key: statistics.median(run[key] for run in runs) for key in runs[0]} for kind, runs in found.items()}

    def row(self, work, tempo, ceiling, ratio, target):
        print(f"| {work} | {tempo} | {ceiling} | {ratio} | {target} |", flush=True)

    def wants(self, word):
        return not self.only or self.only in word

    @staticmethod
    def guest(kind, server):
        """Arguments that make bench-load a guest of this server."""
        if kind == "ceiling":
            return "/submit", []
        return f"/api/rooms/{server.code}/requests", [f"--cookie-from=/api/rooms/{server.code}", f"--stream=/api/rooms/{server.code}/stream"]

    def submissions(self, listeners, workers, count):
        def measure(server, kind):
            path, rest = self.guest(kind, server)
            return self.load(server.port, f"--count={count}", f"--workers={workers}", f"--listeners={listeners}", "--method=POST",
                             f"--path={path}", '--body={"title":"Song %d","artist":"Bench"}', *rest)
        return self.pairs("submissions", measure)

    def run(self):
        print("| work | Tempo | ceiling | ratio | to reach |\n|---|---|---|---|---|")
        if self.wants("listening"):
            r = self.submissions(50, 32, 4000)
            self.row("guest submissions, durable, 50 guests listening, 32 in flight", f"{r['tempo']['rate']:,.0f}/s, p99 {r['tempo']['p99'] / 1000:.1f} ms",
                     f"{r['ceiling']['rate']:,.0f}/s, p99 {r['ceiling']['p99'] / 1000:.1f} ms", f"{r['tempo']['rate'] / r['ceiling']['rate']:.2f} ×", "≥ 1.5 ×, p99 ≤ 20 ms")
        if self.wants("nobody"):
            r = self.submissions(0, 64, 12000)
            self.row("the same, nobody listening, 64 in flight", f"{r['tempo']['rate']:,.0f}/s", f"{r['ceiling']['rate']:,.0f}/s",
                     f"{r['tempo']['rate'] / r['ceiling']['rate']:.2f} ×", "≥ 2 ×")
        if self.wants("fanout"):
            self.fanout()
        if self.wants("state"):
            self.state()
        if self.wants("memory"):
            self.memory()
        if self.wants("start"):
            self.start()
        if self.wants("half-open"):
            self.half_open()
        if self.wants("session"):
            self.session()
        if self.wants("queries"):
            self.queries()
        if self.wants("backup"):
            self.backup()
        if self.wants("care"):
            self.care()
        if self.wants("panel") and (self.build / "src/app/tempo").exists():
            self.panel()

    def fanout(self):
        def measure(server, kind):
            path, rest = self.guest(kind, server)
            body = '--body={"title":"Song %d","artist":"Bench"}'
            if kind == "tempo":
                self.load(server.port, "--count=200", "--workers=8", "--method=POST", f"--path={path}", '--body={"title":"Before %d","artist":"Bench"}', *rest)
            return self.load(server.port, "--count=30", "--workers=1", "--listeners=1000", "--fanout", "--method=POST", f"--path={path}", body, *rest)
        r = self.pairs("fanout", measure)
        self.row("a change reaches 1,000 listeners, 200 queued, p99", f"{r['tempo']['p99'] / 1000:.1f} ms", f"{r['ceiling']['p99'] / 1000:.1f} ms",
                 f"{r['tempo']['p99'] / r['ceiling']['p99']:.2f} ×", "≤ 1.3 ×")

    def state(self):
        def measure(server, kind):
            path = "/hello" if kind == "ceiling" else f"/api/rooms/{server.code}"
            return self.load(server.port, "--count=40000", "--workers=32", f"--path={path}")
        r = self.pairs("state", measure)
        self.row("`GET /api/rooms/{room}`", f"{r['tempo']['rate']:,.0f}/s", f"{r['ceiling']['rate']:,.0f}/s", f"{r['tempo']['rate'] / r['ceiling']['rate']:.2f} ×", "≥ 0.7 ×")

    def memory(self):
        def measure(server, kind):
            path, rest = self.guest(kind, server)
            idle = server.memory()
            most = self.load(server.port, "--count=20", "--workers=1", "--listeners=1000", "--fanout", "--method=POST", f"--path={path}",
                             '--body={"title":"Song %d","artist":"Bench"}', f"--watch={server.process.pid}", *rest)["memory"]
            return {"idle": idle, "most": most}
        r = self.pairs("memory", measure)
        self.row("memory idle · with 1,000 listeners", f"{r['tempo']['idle']:.0f} · {r['tempo']['most']:.0f} MiB",
                 f"{r['ceiling']['idle']:.0f} · {r['ceiling']['most']:.0f} MiB", "", "≤ 25 · ≤ 45 MiB")

    def start(self):
        folder = self.folder()
        with Tempo(self.build, folder).open_doors() as server:
            self.load(server.port, "--count=2000", "--workers=32", "--method=POST", f"--path=/api/rooms/{server.code}/requests",
                      '--body={"title":"Song %d","artist":"Bench"}', f"--cookie-from=/api/rooms/{server.code}")
            event = server.call("GET", "/api/bench/events")["events"][0]["id"]
            server.call("PATCH", f"/api/bench/events/{event}", {"state": "ended"})
        multiply_requests(next(pathlib.Path(folder).glob("organizations/*/tempo.db")), 100000)
        times = []
        for _ in range(self.runs):
            began = time.monotonic()
            with Tempo(self.build, folder, prepare=False) as server:
                http.client.HTTPConnection("127.0.0.1", server.port).request("GET", "/readyz")
                times.append((time.monotonic() - began) * 1000)
        shutil.rmtree(folder)
        self.row("start to first answer, 100,000 requests stored", f"{statistics.median(times):.0f} ms", "", "", "≤ 120 ms")

    def session(self):
        """A staff route with a session, and the same refused at its door: what lies between is the check and a small answer."""
        def once(connection, headers):
            began = time.perf_counter()
            connection.request("GET", "/api/auth/me", headers=headers)
            connection.getresponse().read()
            return (time.perf_counter() - began) * 1e6
        with self.tempo() as server:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            pairs = [(once(connection, {"Cookie": server.cookie}), once(connection, {})) for _ in range(1000 * self.runs)]
        shutil.rmtree(server.folder, ignore_errors=True)
        inside, outside = (statistics.median(side) for side in zip(*pairs))
        self.row("session check, 1,000 calls one after the other", f"{inside:.0f} us", f"{outside:.0f} us refused",
                 f"{inside / outside:.2f} ×, {(inside - outside) / 1000:+.3f} ms", "≤ 0.1 ms")

    def queries(self):
        """Every staff list over years of nights: 1,000 events of 1,000 songs, 5,000 guests, a row of the log for each song."""
        folder = self.folder()
        with Tempo(self.build, folder).open_doors() as server:
            event = server.call("GET", "/api/bench/events")["events"][0]["id"]
            server.call("PATCH", f"/api/bench/events/{event}", {"state": "ended"})
        store = next(pathlib.Path(folder).glob("organizations/*/tempo.db"))
        fill_years(store, server.room)
        # Today's backup is there already: on one disk with the lists it would be measured too.
        (store.parent / "backups").mkdir()
        (store.parent / time.strftime("backups/%Y-%m-%dT000000Z.db", time.gmtime())).touch()
        slowest = {}
        with Tempo(self.build, folder, prepare=False) as server:
            server.call("POST", "/api/auth/login", {"username": "owner", "password": PASSWORD})
            for name, paths in staff_queries().items():
                times = sorted(server.time(path) for path in paths)
                slowest[name] = times[len(times) * 99 // 100]
        shutil.rmtree(folder)
        for name, worst in sorted(slowest.items(), key=lambda item: -item[1]):
            print(f"    {name}: p99 {worst:.2f} ms", file=sys.stderr)
        name, worst = max(slowest.items(), key=lambda item: item[1])
        self.row("any staff query, 1,000,000 requests stored, p99", f"{worst:.1f} ms ({name})", "", "", "≤ 5 ms")

    def backup(self):
        """Commits while a file of half a gigabyte is copied. TEMPO_BENCH_DIR says on which disk."""
        folder = self.folder()
        text = subprocess.run([self.build / "tests/store/bench-backup", folder, "130"], check=True, capture_output=True, text=True).stdout
        shutil.rmtree(folder)
        sys.stderr.write(text)
        size, took = re.search(r"file: (\d+)", text)[1], re.search(r"backup: ([\d.]+)", text)[1]
        tails = re.findall(r"p99 ([\d.]+) ms, worst ([\d.]+)", text)
        self.row(f"a commit while the daily backup of {size} MiB is made ({took} s), p99", f"{tails[1][0]} ms, worst {tails[1][1]} ms",
                 f"{tails[0][0]} ms (no backup)", f"{float(tails[1][0]) / float(tails[0][0]):.1f} ×", "< 100 ms")
        took = re.search(r"erase: ([\d.]+)", text)[1]
        self.row(f"a commit while a guest is erased from a file of {size} MiB ({took} s), p99", f"{tails[3][0]} ms, worst {tails[3][1]} ms",
                 f"{tails[2][0]} ms (no erasure)", f"{float(tails[3][0]) / float(tails[2][0]):.1f} ×", "< 100 ms")

    def care(self):
        """An organization of 1,000,000 requests, a row of the log each: exported, imported as another, a guest of it erased."""
        folder = self.folder()
        with Tempo(self.build, folder).open_doors() as server:
            event = server.call("GET", "/api/bench/events")["events"][0]["id"]
            server.call("PATCH", f"/api/bench/events/{event}", {"state": "ended"})
        store = next(pathlib.Path(folder).glob("organizations/*/tempo.db"))
        fill_years(store, server.room)
        archive, guest = os.path.join(folder, "all.tar.gz"), "01900000-0000-7000-8000-000000000001"
        size = store.stat().st_size >> 20
        for name, arguments in (("export", ["--organization", "bench", "--to", archive]),
                                ("import", ["--from", archive, "--as-new", "--slug", "copy"]),
                                ("erase-guest", ["--organization", "bench", "--guest", guest, "--yes"])):
            took, memory = self.spend([server.tempod, name.split("-")[0], *arguments, "--data-dir", folder])
            self.row(f"{name} of an organization of 1,000,000 requests ({size} MiB)", f"{took:.1f} s, at most {memory:.0f} MiB of memory", "", "", "")
        shutil.rmtree(folder)

    @staticmethod
    def spend(command):
        """Seconds, and resident MiB at most: of the program alone, while what the system tells at the end begins with ours."""
        began, most = time.perf_counter(), 0
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while process.poll() is None:
            found = re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text())
            most = max(most, int(found[1]) if found else 0)
            time.sleep(0.05)
        if process.returncode != 0:
            raise SystemExit(f"{command}: {process.returncode}")
        return time.perf_counter() - began, most / 1024

    def panel(self):
        display = ["tests/panel/run-with-display.sh"]
        environment = dict(os.environ, GSETTINGS_BACKEND="memory", GSETTINGS_SCHEMA_DIR=str((self.build / "data").resolve()), TEMPO_AUDIO_SINK="fakesink")
        turns = [json.loads(subprocess.run([*display, self.build / "tests/bench/bench-panel", "10000"], env=environment, check=True,
                                           capture_output=True, text=True).stdout) for _ in range(self.runs)]
        wall, work = (statistics.median(run[key] for run in turns) / 1000 for key in ("wall", "work"))
        self.row("longest turn of the panel's main loop while 10,000 requests arrive", f"{wall:.0f} ms, {work:.0f} ms of processor time", "", "", "≤ 16 ms")
        folder = self.folder()
        with Tempo(self.build, folder):
            pass
        starts = [subprocess.run([*display, sys.executable, "tests/bench/first-frame.py", self.build / "src/app/tempo", folder], env=environment,
                                 check=True, capture_output=True, text=True).stdout.split() for _ in range(self.runs)]
        shutil.rmtree(folder)
        wall, work = (statistics.median(float(run[at]) for run in starts) / 1000 for at in (0, 1))
        self.row("start of the panel to its first frame, drawn without a graphics card", f"{wall:.2f} s, {work:.2f} s of processor time", "", "", "≤ 0.7 s")

    def half_open(self):
        def measure(server, kind):
            path = "/hello" if kind == "ceiling" else f"/api/rooms/{server.code}"
            rest = self.guest(kind, server)[1]
            before = server.memory()
            result = self.load(server.port, "--count=4000", "--workers=4", "--listeners=1000", "--half-open=2000", f"--path={path}",
                               f"--watch={server.process.pid}", *rest)
            result["each"] = (result["memory"] - before) * 1024 / 3000
            return result
        r = self.pairs("half-open", measure)
        self.row("a guest's p95 beside 2,000 half-open connections and 1,000 listeners", f"{r['tempo']['p95'] / 1000:.1f} ms, {r['tempo']['each']:.1f} KB each",
                 f"{r['ceiling']['p95'] / 1000:.1f} ms, {r['ceiling']['each']:.1f} KB each", f"{r['tempo']['p95'] / r['ceiling']['p95']:.2f} ×", "< 100 ms, ≤ 25 KB")


def multiply_requests(path, wanted):
    """Copies the stored requests until there are `wanted`: a venue's years, in a second."""
    db = sqlite3.connect(path)
    columns = [row[1] for row in db.execute("PRAGMA table_info(base_request)")]
    changed = {"id": "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-7' || substr(hex(randomblob(2)), 2) || '-8' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))",
               "number": "number || '-' || (abs(random()) % 1000000000)"}
    chosen = ", ".join(changed.get(column, column) for column in columns)
    while True:
        have = db.execute("SELECT count(*) FROM base_request").fetchone()[0]
        if have >= wanted:
            break
        db.execute(f"INSERT INTO base_request ({', '.join(columns)}) SELECT {chosen} FROM base_request LIMIT {wanted - have}")
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def fill_years(path, room):
    """1,000,000 requests as three years of nights would leave them, past the engine; the log's chain is not a real one."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA cache_size = -200000")
    tenant, origin = db.execute("SELECT tenant_id, origin FROM base_tenant").fetchone()
    names = {"tenant": tenant, "origin": origin, "room": room, "begin": 1_700_000_000_000_000, "night": 86_400_000_000, "song": 20_000_000}
    count = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d - 1) "
    db.execute(count % 5000 + """INSERT INTO base_guest (tenant_id, id, token_digest, name, first_seen_at, last_seen_at, origin, hlc)
        SELECT :tenant, printf ('01900000-0000-7000-8000-%%012x', i), 'digest ' || i, 'guest ' || i, :begin, :begin, :origin, 1 FROM n""".replace("%%", "%"), names)
    db.execute(count % 1000 + """INSERT INTO base_event (tenant_id, id, room_id, number, name, state, starts_at, started_at, ended_at, created_at, origin, hlc)
        SELECT :tenant, printf ('01900000-0000-7000-9000-%%012x', i), :room, 'EVT-9-' || i, 'Night ' || i, 'ended', 0, :begin + i * :night,
               :begin + i * :night + 1000 * :song, :begin + i * :night, :origin, 1 FROM n""".replace("%%", "%"), names)
    db.execute(count % 1000000 + """INSERT INTO base_request (tenant_id, id, number, room_id, event_id, guest_id, status, title, artist, song_key, name,
               reason_code, created_at, decided_at, started_at, ended_at, origin, hlc)
        SELECT :tenant, printf ('01900000-0000-7000-a000-%%012x', i), 'REQ-9-' || i, :room, printf ('01900000-0000-7000-9000-%%012x', i / 1000),
               printf ('01900000-0000-7000-8000-%%012x', i * 7919 %% 5000), iif (i %% 5 = 0, 'declined', 'played'), 'Song ' || (i * 31 %% 20000),
               'Artist ' || (i * 31 %% 2000), 'song ' || (i * 31 %% 20000), 'guest ' || (i * 7919 %% 5000), iif (i %% 5 = 0, 'played_enough', NULL),
               at, at, iif (i %% 5 = 0, 0, at), at + 10, :origin, 1
          FROM (SELECT i, :begin + i / 1000 * :night + i %% 1000 * :song AS at FROM n)""".replace("%%", "%"), names)
    db.execute("""INSERT INTO base_play (tenant_id, id, room_id, event_id, request_id, title, artist, song_key, started_at, ended_at, origin, hlc)
        SELECT tenant_id, 'b' || substr (id, 2), room_id, event_id, id, title, artist, song_key, started_at, ended_at, origin, hlc
          FROM base_request WHERE status = 'played'""")
    last = db.execute("SELECT ifnull (max (seq), 0) FROM base_audit WHERE tenant_id = :tenant AND origin = :origin", names).fetchone()[0]
    db.execute("""INSERT INTO base_audit (tenant_id, origin, seq, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, before, after,
               address, agent, prev, hash, hlc)
        SELECT tenant_id, origin, :last + row_number () OVER (ORDER BY id), decided_at, iif (status = 'played', 'member', 'guest'), guest_id, name,
               iif (status = 'played', 'approve', 'decline'), 'request', id, 'pending', status, '192.168.1.30', 'Mozilla/5.0 (iPhone)', '', hex (randomblob (32)), 1
          FROM base_request WHERE tenant_id = :tenant""", {"tenant": tenant, "last": last})
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def staff_queries():
    """Lists as staff's pages ask for them: newest first, by event, by page, by words."""
    events = [f"01900000-0000-7000-9000-{i * 9 % 1000:012x}" for i in range(200)]
    return {
        "requests": ["/api/bench/requests?limit=50"] * 200,
        "requests of an event": [f"/api/bench/requests?eventId={event}&limit=50" for event in events],
        "requests of an event by status": [f"/api/bench/requests?eventId={event}&status=declined&limit=50" for event in events],
        "requests by status": [f"/api/bench/requests?status={status}&limit=50" for status in ("declined", "failed", "pending", "played") for _ in range(50)],
        "events": ["/api/bench/events?limit=50"] * 200,
        "the log": ["/api/bench/audit?limit=50"] * 200,
        "the log by action": ["/api/bench/audit?action=decline&limit=50"] * 200,
        "the log by words": [f"/api/bench/audit?q={word}" for word in ("iphone", "guest+7", "nowhere", "Song") for _ in range(50)],
        "the log of a person": [f"/api/bench/audit?actor=01900000-0000-7000-8000-{i:012x}" for i in range(200)],
        "statistics of an event": [f"/api/bench/stats?event={event}" for event in events],
        "setlist of an event": [f"/api/bench/events/{event}/setlist" for event in events],
        "members": ["/api/bench/members"] * 200,
        "settings": ["/api/bench/settings"] * 200,
    }


parser = argparse.ArgumentParser()
parser.add_argument("build", type=pathlib.Path)
parser.add_argument("--runs", type=int, default=5)
parser.add_argument("--only", default="")
options = parser.parse_args()
Bench(options.build, options.runs, options.only).run()
