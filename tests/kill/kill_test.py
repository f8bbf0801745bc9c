"""Kills the program at random moments and shows that it did not matter.

One workspace with a roster is copied once for each history, so that the same people keep the same
ids. One copy is left in peace. In the others `ingest`, then `analyze`, is killed with SIGKILL at
random moments and started again, until it comes through. Then they must hold the same records,
none missing, none doubled, and open the same cases.

$WEIR_KILL_ROUNDS is the number of kills (10); $WEIR_KILL_SEED the seed of the moments (1).
"""
import json
import os
import random
import shutil
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
from harness import BINARY, OK, WeirTest, Workspace, World, environment, main  # noqa: E402

KILLS = int(os.environ.get("WEIR_KILL_ROUNDS", "10"))
SEED = int(os.environ.get("WEIR_KILL_SEED", "1"))
KILLS_A_COMMAND = 5  # then the command is left in peace, and another copy is taken


def run_for(command, seconds):
    """Runs the command; kills it after that time. The exit code, or None if it was killed."""
    process = subprocess.Popen([BINARY, *map(str, command)], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    try:
        _, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None, ""
    return process.returncode, errors.decode(errors="replace")


class Kill(WeirTest):
    @classmethod
    def setUpClass(cls):
        cls.world = World.of("drip", people=60, years=3, insiders=8, sends_per_year=24)
        cls.template = Workspace.make(cls.world.folder / "template", cls.world)
        cls.peaceful = cls.template.copy(cls.world.folder / "peaceful")
        cls.seconds = {}
        for name, command in cls.commands().items():
            start = time.monotonic()
            cls.peaceful.must(*command)
            cls.seconds[name] = time.monotonic() - start
        cls.contents = cls.peaceful.contents()
        cls.cases = cls.peaceful.cases()

    @classmethod
    def commands(cls):
        # In this order: what `analyze` closes depends on all that `ingest` has stored.
        return {"ingest": ["ingest", *cls.world.records], "analyze": ["analyze"]}

    def test_a_killed_run_goes_on_as_if_nothing_had_been(self):
        self.assertGreater(self.contents[0], 1000)
        self.assertTrue(self.cases, "with no case to compare this would show little")
        rng = random.Random(SEED)
        killed = {name: 0 for name in self.commands()}
        copies = 0
        # Runs that finish before their moment do not count, so there is a limit to the copies.
        while sum(killed.values()) < KILLS and copies < KILLS * 3:
            copies += 1
            workspace = self.template.copy(self.folder / f"w{copies}")
            moments = []
            for name, command in self.commands().items():
                for attempt in range(KILLS_A_COMMAND):
                    start = time.monotonic()
                    moment = rng.uniform(0, self.seconds[name])
                    code, errors = run_for(["-w", workspace.folder, *command], moment)
                    moments.append(f"{name} {'killed' if code is None else 'done'} at {moment:.3f} s")
                    if code is not None:
                        self.assertEqual(code, OK, f"{moments}: {errors}")
                        if attempt == 0:  # a whole run: a busy machine may have become quiet
                            self.seconds[name] = min(self.seconds[name], time.monotonic() - start)
                        break
                    killed[name] += 1
                workspace.must(*command)
            told = f"seed {SEED}, copy {copies}: {moments}"
            self.assertEqual(workspace.contents(), self.contents, told)
            self.assertEqual(json.dumps(workspace.cases()), json.dumps(self.cases), told)
            workspace.must("lake", "verify")
            workspace.must("audit", "verify")
            left = [path for path in workspace.folder.rglob("*")
                    if path.name.endswith((".tmp", ".new", ".partial"))]
            self.assertEqual(left, [], told)
            shutil.rmtree(workspace.folder)
        print(f"\nkilled {killed['ingest']} times during ingest and {killed['analyze']} times during "
              f"analyze, in {copies} histories of {self.contents[0]} records", file=sys.stderr)
        self.assertGreaterEqual(sum(killed.values()), KILLS, "the runs were too short to be killed")
        self.assertTrue(all(killed.values()), killed)


class KillWithCommits(WeirTest):
    """What a commit promised: everything up to the last one that was acknowledged is there."""

    def test_ingest_resumes_behind_what_it_had_committed(self):
        world = World.of("burst", people=40, years=2)
        workspace = Workspace.make(self.folder / "w", world)
        rng = random.Random(SEED + 1)
        before = 0
        for _ in range(10):
            run_for(["-w", workspace.folder, "ingest", *world.records], rng.uniform(0.05, 1.0))
            now, ids, _ = workspace.contents()
            self.assertGreaterEqual(now, before, "a record that was there is gone")
            self.assertEqual(now, ids, "a record is there twice")
            before = now

    def test_small_files_that_share_commits_are_read_once_each(self):
        world = World.of("burst", people=40, years=2)
        files = self.folder / "files"
        files.mkdir()
        lines = world.lines(12_000)
        for i in range(0, len(lines), 2):
            (files / f"{i:05}.jsonl").write_bytes(b"\n".join(lines[i:i + 2]) + b"\n")
        workspace = Workspace.make(self.folder / "w", world)
        template = workspace.copy(self.folder / "template")
        start = time.monotonic()
        template.must("ingest", files)
        seconds = time.monotonic() - start
        rng = random.Random(SEED + 2)
        before = 0
        for _ in range(10):
            run_for(["-w", workspace.folder, "ingest", files], rng.uniform(0.05, seconds))
            now, ids, _ = workspace.contents()
            self.assertGreaterEqual(now, before, "a record that was there is gone")
            self.assertEqual(now, ids, "a record is there twice")
            before = now
        workspace.must("ingest", files)
        self.assertEqual(workspace.contents(), template.contents())
        again = workspace.must("--json", "ingest", files).json()
        self.assertEqual((again["files"], again["new"], again["skipped_files"]), (0, 0, 6000))


if __name__ == "__main__":
    main()
