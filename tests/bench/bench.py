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
        self.room = self.code = None

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


parser = argparse.ArgumentParser()
parser.add_argument("build", type=pathlib.Path)
parser.add_argument("--runs", type=int, default=5)
parser.add_argument("--only", default="")
options = parser.parse_args()
Bench(options.build, options.runs, options.only).run()
