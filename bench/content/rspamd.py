"""rspamd's fuzzy storage as a rival: a private one on the loopback, fed and asked over its own HTTP interface."""
import concurrent.futures
import http.client
import json
import os
import shutil
import socket
import subprocess
import time

TUNED = "words_decay = 1000000;"  # all words of a long text count, not mostly its first 600

CONFIGURATION = """
options {{
  pidfile = "{folder}/rspamd.pid"; filters = "fuzzy_check"; {tuning}
  control_socket = "{folder}/control.sock mode=0600"; hs_cache_dir = "{folder}";
  dns {{ nameserver = ["127.0.0.1:{dead}"]; timeout = 0.1s; retransmits = 1; }}
}}
logging {{ type = "file"; filename = "{folder}/log"; level = "warning"; }}
worker "fuzzy" {{
  bind_socket = "127.0.0.1:{fuzzy}"; backend = "sqlite"; hash_file = "{folder}/fuzzy.db"; expire = 90d;
  allow_update = ["127.0.0.1"]; count = 1; sync = 1s;
}}
worker "controller" {{ bind_socket = "127.0.0.1:{controller}"; secure_ip = ["127.0.0.1"]; count = 1; }}
worker "normal" {{ bind_socket = "127.0.0.1:{normal}"; count = 3; }}
fuzzy_check {{
  min_bytes = 1k; timeout = 5s; retransmits = 3;
  rule "local" {{
    algorithm = "mumhash"; servers = "127.0.0.1:{fuzzy}"; symbol = "PROTECTED_UNKNOWN"; mime_types = ["*"];
    max_score = 20.0; read_only = no; skip_unknown = no; short_text_direct_hash = true; min_length = 64;
    fuzzy_map = {{ PROTECTED {{ max_score = 20.0; flag = 1; }} }}
  }}
}}
"""


def free_port(kind):
    with socket.socket(type=kind) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def mail(text):
    return ("From: a@example.com\r\nTo: b@example.org\r\nSubject: text\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            + text).encode("utf-8", "replace")


class Rspamd:
    """Use as a context manager: starts the server, ends it."""

    def __init__(self, folder, tuned):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        ports = {"fuzzy": free_port(socket.SOCK_DGRAM), "dead": free_port(socket.SOCK_DGRAM),
                 "controller": free_port(socket.SOCK_STREAM), "normal": free_port(socket.SOCK_STREAM)}
        self.controller, self.normal = ports["controller"], ports["normal"]
        (folder / "rspamd.conf").write_text(CONFIGURATION.format(
            folder=folder, tuning=TUNED if tuned else "", **ports))
        self.command = ["rspamd", "-f", "-i", "-c", str(folder / "rspamd.conf"), "--var", f"DBDIR={folder}"]
        self.log = folder / "out"

    def __enter__(self):
        with self.log.open("w") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, env={**os.environ, "HOME": "/"})
        for _ in range(1200):
            try:
                if self.ask(self.controller, "GET", "/ping", b"") and self.ask(self.normal, "GET", "/ping", b""):
                    return self
            except OSError:
                pass
            time.sleep(0.1)
        self.__exit__()
        raise RuntimeError(f"rspamd did not start; see {self.log}")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)

    @staticmethod
    def ask(port, verb, path, body, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request(verb, path, body, headers or {})
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        return answer if response.status == 200 else None

    def add(self, texts):
        """How many were taken; the rest is too short for it."""
        taken = 0
        for text in texts:
            answer = self.ask(self.controller, "POST", "/fuzzyadd", mail(text), {"Flag": "1", "Weight": "10"})
            taken += answer is not None and json.loads(answer).get("success", False)
        time.sleep(5)  # until the storage has written what it was told
        return taken

    def scores(self, texts):
        """Of each text, how alike the likest document is, 0 to 1; rspamd does not say which document."""
        def score(text):
            answer = json.loads(self.ask(self.normal, "POST", "/checkv2", mail(text)) or b"{}")
            options = answer.get("symbols", {}).get("PROTECTED", {}).get("options", [])
            return max((float(option.split(":")[2]) for option in options), default=0.0)
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            return list(pool.map(score, texts))
