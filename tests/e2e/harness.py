"""What the end-to-end tests share: the program, small simulated worlds, workspaces.

The program under test stands in $WEIR_BINARY (ctest sets it); else build/release/weir is taken.
Everything lives in a temporary folder of the test program's own.
"""
import atexit
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("WEIR_BINARY", ROOT / "build/release/weir"))

# Exit codes, as docs/commands.md has them.
OK, FAILED, USAGE, PARTLY, DAMAGED, STOPPED = 0, 1, 2, 3, 4, 130

_scratch = None


def scratch():
    """This run's temporary folder, removed at the end."""
    global _scratch
    if _scratch is None:
        # In memory where there is room: what a test does to a process shows there as well, and
        # thousands of fsyncs cost nothing. TMPDIR overrides.
        memory = "/dev/shm"
        roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 4 << 30
        _scratch = Path(tempfile.mkdtemp(
            prefix="weir-e2e-", dir=memory if roomy and "TMPDIR" not in os.environ else None))
        _scratch.chmod(0o755)
        atexit.register(shutil.rmtree, _scratch, ignore_errors=True)
    return _scratch


def environment():
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WEIR_")}
    return {**kept, "TZ": "UTC", "LC_ALL": "C.UTF-8", "COLUMNS": "80"}


def weir(*arguments, stdin=None, timeout=300, **options):
    """Runs the program to its end. Output is text; bytes that are no UTF-8 would fail the test."""
    return subprocess.run([BINARY, *map(str, arguments)], input=stdin, capture_output=True,
                          timeout=timeout, env=environment(), check=False, **options)


def is_reading_input(pid):
    """Blocked in read(0, …), as the kernel tells it."""
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/syscall", encoding="ascii") as file:
                words = file.read().split()
            if words[:2] == ["0", "0x0"]:
                return True
    except OSError:
        pass
    return False


def wait_until(condition, seconds=60):
    """A test that waits for another process; what it tests is checked afterwards."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)


class Outcome:
    """What a run came to, as text."""

    def __init__(self, process):
        self.code = process.returncode
        self.out = process.stdout.decode("utf-8")
        self.err = process.stderr.decode("utf-8")

    def __str__(self):
        return f"exit {self.code}\n--- out\n{self.out[-3000:]}\n--- err\n{self.err[-3000:]}"

    def json(self):
        return json.loads(self.out)


class World:
    """A simulated organisation on disk."""

    _made = {}

    def __init__(self, folder):
        self.folder = folder
        self.roster = folder / "roster.csv"
        self.records = sorted(folder.glob("records-*.ocsf.jsonl.zst"))
        self.settings = folder / "organisation.yaml"
        self.answers = folder / "answers.json"

    @classmethod
    def of(cls, world="drip", people=40, years=2, seed=7, **options):
        """The same arguments give the same world, made once a test program."""
        key = (world, people, years, seed, *sorted(options.items()))
        if key not in cls._made:
            folder = scratch() / f"world-{len(cls._made)}"
            extra = [word for name, value in options.items() for word in ("--" + name.replace("_", "-"), value)]
            outcome = Outcome(weir("simulate", "--world", world, "--people", people, "--years", years,
                                   "--seed", seed, "--out", folder, *extra))
            if outcome.code != OK:
                raise AssertionError(f"simulate failed: {outcome}")
            cls._made[key] = cls(folder)
        return cls._made[key]

    def lines(self, count):
        """The first `count` different records, each a line of bytes without its end."""
        found = {}  # in order; logs say some things twice, and so does the simulator
        for path in self.records:
            process = subprocess.Popen(["zstd", "-dcq", path], stdout=subprocess.PIPE)
            for line in process.stdout:
                found[line.rstrip(b"\n")] = True
                if len(found) == count:
                    break
            process.stdout.close()
            process.wait()
            if len(found) == count:
                break
        return list(found)


class Workspace:
    """A workspace folder and the program working in it."""

    def __init__(self, folder):
        self.folder = Path(folder)

    @classmethod
    def make(cls, folder, world=None, kind="--simulated", false_cases_per_week=None):
        """Empty, or with the roster and the settings of `world`. A test that needs cases, and not
        good ones, asks for a generous budget."""
        settings = ["--config", world.settings] if world is not None else []
        if false_cases_per_week is not None:
            generous = world.folder / "generous.yaml"
            text, found = re.subn(r"(false_cases_per_week:).*", rf"\1 {false_cases_per_week}",
                                  world.settings.read_text(encoding="utf-8"))
            if not found:
                raise AssertionError(f"{world.settings} states no budget")
            generous.write_text(text, encoding="utf-8")
            settings = ["--config", generous]
        outcome = Outcome(weir("init", folder, *([kind] if kind else []), *settings))
        if outcome.code != OK:
            raise AssertionError(f"init failed: {outcome}")
        workspace = cls(folder)
        if world is not None:
            workspace.must("roster", "import", world.roster)
        return workspace

    def copy(self, folder):
        """The same people under the same ids: what is compared must start from one workspace."""
        shutil.copytree(self.folder, folder)
        return Workspace(folder)

    def run(self, *arguments, **options):
        return Outcome(weir("-w", self.folder, *arguments, **options))

    def must(self, *arguments, **options):
        outcome = self.run(*arguments, **options)
        if outcome.code != OK:
            raise AssertionError(f"weir {' '.join(map(str, arguments))}: {outcome}")
        return outcome

    def query(self, sql):
        """Rows as dictionaries of text by column."""
        return self.must("query", sql, "--json").json()["rows"]

    def count(self):
        return int(self.query("SELECT count(*) AS n FROM records")[0]["n"])

    def contents(self):
        """How many records, how many different ids, and a digest over the ids in any order."""
        row = self.query("SELECT count(*) AS n, count(DISTINCT uid) AS ids, "
                         "CAST(bit_xor(hash(uid)) AS VARCHAR) AS digest FROM records")[0]
        return int(row["n"]), int(row["ids"]), row["digest"]

    def cases(self):
        return self.must("cases", "--json").json()["cases"]


class WeirTest(unittest.TestCase):
    """Set-up for tests that need a folder of their own."""

    maxDiff = 4000

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(dir=scratch()))

    def tearDown(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def expect(self, outcome, code, *texts):
        """The exit code, and texts that must stand somewhere in the output (case ignored)."""
        self.assertEqual(outcome.code, code, str(outcome))
        everything = (outcome.out + outcome.err).lower()
        for text in texts:
            self.assertIn(str(text).lower(), everything, str(outcome))

    def expect_one_of(self, outcome, codes, *texts):
        self.assertIn(outcome.code, codes, str(outcome))
        self.expect(outcome, outcome.code, *texts)


def main():
    if not BINARY.is_file():
        print(f"no program {BINARY}: run make build, or set WEIR_BINARY", file=sys.stderr)
        sys.exit(2)
    # A run that is told to end cleans up as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    unittest.main()
