# SPDX-License-Identifier: GPL-3.0-or-later
"""A real tempod for tests: started in a folder of its own, ended by its own process id."""
import http.client
import json
import re
import signal
import subprocess

PASSWORD = "correct horse battery"
OPEN_RULES = {"approval": False, "perGuest": 0, "cooldownSeconds": 0, "noRepeatMinutes": 0, "maxQueue": 0,
              "freeText": True, "order": "first"}


class Tempod:
    def __init__(self, program, folder, environment=None):
        self.program, self.folder, self.environment = program, folder, environment
        self.process, self.port, self.cookie = None, None, None

    def init(self):
        subprocess.run([self.program, "init", "--data-dir", self.folder, "--organization", "Fault House", "--slug", "fault",
                        "--username", "owner"], input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL, timeout=60)

    def start(self):
        self.process = subprocess.Popen([self.program, "serve", "--data-dir", self.folder, "--address", "127.0.0.1", "--port", "0",
                                         "--no-rate-limit"], stdout=subprocess.PIPE, text=True, env=self.environment)
        line = self.process.stdout.readline()
        match = re.search(r"Listening on http://[^ ]*:(\d+)", line)
        if not match:
            self.process.wait(20)
            raise RuntimeError(f"tempod did not start: {line!r}")
        self.port = int(match[1])

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(30)
        self.process.stdout.close()
        return status

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def call(self, method, path, body=None, connection=None, cookie=None):
        """Returns (status, document, headers)."""
        connection = connection or self.connect()
        headers = {"Content-Type": "application/json"}
        if cookie or self.cookie:
            headers["Cookie"] = cookie or self.cookie
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None, answer

    def sign_in(self):
        status, _, answer = self.call("POST", "/api/auth/login", {"username": "owner", "password": PASSWORD})
        assert status == 200, status
        self.cookie = answer.getheader("Set-Cookie").split(";")[0]

    def open_doors(self):
        """Signs in, starts an event with no limits; returns the room's join code."""
        self.sign_in()
        room = self.call("GET", "/api/fault/rooms")[1]["rooms"][0]
        status, document, _ = self.call("POST", "/api/fault/events",
                                        {"roomId": room["id"], "name": "Fault night", "rules": OPEN_RULES, "state": "active"})
        assert status == 201, (status, document)
        return room["code"]

    def stored_ids(self):
        """Ids of all requests of the organization, page by page."""
        ids, cursor = set(), None
        while True:
            status, page, _ = self.call("GET", "/api/fault/requests?limit=200" + (f"&cursor={cursor}" if cursor else ""))
            assert status == 200, (status, page)
            ids.update(request["id"] for request in page["requests"])
            cursor = page.get("next")
            if not cursor:
                return ids
