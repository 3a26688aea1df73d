#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-spotify-keyring.py TEMPOD STAND-IN: with a real keyring on a bus of its own, a grant outlives tempod, and goes
when the account is disconnected. No token is ever in a file of the data folder or in what tempod says."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

PASSWORD = "a long night at the tin heron"


def call(url, method="GET", body=None, token=None):
    request = urllib.request.Request(url, method=method, data=None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", "Bearer " + token)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.status, answer.read().decode()


class Daemon:
    """tempod on a folder, with its owner signed in."""

    def __init__(self, tempod, folder, stand_in, log):
        self.child = subprocess.Popen([tempod, "serve", "--data-dir", folder, "--address", "127.0.0.1", "--port", "0",
                                       "--spotify-accounts-url", stand_in, "--spotify-api-url", stand_in],
                                      stdout=subprocess.PIPE, stderr=log, text=True)
        self.url = self.child.stdout.readline().split()[-1].rstrip("/")
        _, text = call(self.url + "/api/auth/login", "POST", {"username": "ann", "password": PASSWORD})
        self.token = json.loads(text)["token"]

    def spotify(self, path="/status", method="GET", body=None):
        status, text = call(f"{self.url}/api/organizations/house/spotify{path}", method, body, self.token)
        return json.loads(text) if text else status

    def stop(self):
        self.child.terminate()
        assert self.child.wait(timeout=60) == 0


def find(folder, word):
    return [path for path in pathlib.Path(folder).rglob("*") if path.is_file() and word in path.read_bytes()]


def entries():
    """How many things the keyring holds."""
    text = subprocess.run(["gdbus", "call", "--session", "--dest", "org.freedesktop.secrets", "--object-path", "/org/freedesktop/secrets",
                           "--method", "org.freedesktop.Secret.Service.SearchItems", "{}"], text=True, check=True, stdout=subprocess.PIPE).stdout
    return text.count("/org/freedesktop/secrets/collection/")


def run(tempod, program):
    folder = tempfile.mkdtemp(prefix="tempo-keyring-")
    # It warns of its own business, and must not end of it.
    calm = {name: value for name, value in os.environ.items() if name != "G_DEBUG"}
    keyring = subprocess.Popen(["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"],
                               stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=calm)
    keyring.stdin.write(b"keyring")
    keyring.stdin.close()
    stand_in = subprocess.Popen([program], stdout=subprocess.PIPE, text=True)
    address = stand_in.stdout.readline().strip()
    log = open(os.path.join(folder, "log"), "w+b")
    data = os.path.join(folder, "data")
    try:
        subprocess.run([tempod, "init", "--data-dir", data, "--organization", "House", "--slug", "house", "--username", "ann"],
                       input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL, stderr=log)
        daemon = Daemon(tempod, data, address, log)
        where = daemon.spotify("/auth", "POST", {"clientId": "client1"})["authorizeUrl"]
        status, page = call(where + "&choice=yes")
        assert status == 200 and "connected" in page, page
        assert daemon.spotify()["state"] == "ready"
        daemon.stop()

        daemon = Daemon(tempod, data, address, log)
        after = daemon.spotify()
        assert after["state"] == "ready" and after["account"]["id"] == "acc-ann", after
        assert not find(folder, b"CANARY"), find(folder, b"CANARY")

        daemon.spotify("", "DELETE")
        daemon.stop()
        daemon = Daemon(tempod, data, address, log)
        assert daemon.spotify()["state"] == "disconnected"
        # Whoever erases the organization erases what the keyring has of it, also without tempod running, and of nobody else.
        where = daemon.spotify("/auth", "POST", {"clientId": "client1"})["authorizeUrl"]
        assert call(where + "&choice=yes")[0] == 200
        daemon.stop()
        subprocess.run([tempod, "init", "--data-dir", data, "--organization", "Other", "--slug", "other", "--username", "bea"],
                       input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL, stderr=log)
        before = entries()
        receipt = json.loads(subprocess.run([tempod, "erase", "--data-dir", data, "--organization", "house", "--yes"],
                                            text=True, check=True, stdout=subprocess.PIPE, stderr=log).stdout)
        assert receipt["erased"]["secrets"] == 1 and receipt["keyring"] == "cleared", receipt
        assert before - entries() == 1, (before, entries())
        assert not find(folder, b"CANARY"), find(folder, b"CANARY")
    except BaseException:
        sys.stderr.write(pathlib.Path(folder, "log").read_text(errors="replace"))
        raise
    finally:
        for child in (stand_in, keyring):
            child.terminate()
            child.wait(timeout=30)
        shutil.rmtree(folder)


if __name__ == "__main__":
    if not shutil.which("gnome-keyring-daemon") or not shutil.which("dbus-run-session"):
        sys.exit(77)
    if os.environ.get("TEMPO_OWN_BUS") != "1":
        home = tempfile.mkdtemp(prefix="tempo-keyring-home-")
        environment = dict(os.environ, TEMPO_OWN_BUS="1", HOME=home, XDG_DATA_HOME=home, XDG_RUNTIME_DIR=home)
        os.chmod(home, 0o700)
        try:
            sys.exit(subprocess.run(["dbus-run-session", "--", sys.executable, *sys.argv], env=environment).returncode)
        finally:
            shutil.rmtree(home, ignore_errors=True)
    run(*sys.argv[1:3])
