"""`weir coverage`: found with all sources and with those there are, side by side."""
import json
import os
import signal
import subprocess
import tempfile
from pathlib import Path

from harness import (BINARY, FAILED, OK, STOPPED, USAGE, Outcome, WeirTest, Workspace, World, environment,
                     main, scratch, wait_until)

SMALL = ["--people", "60", "--years", "2", "--insiders", "6", "--sends-per-year", "24"]


class Coverage(WeirTest):
    @classmethod
    def setUpClass(cls):
        cls.world = World.of("drip", people=40, years=2, insiders=4, sends_per_year=24)
        cls.full = Workspace.make(cls.world.folder / "full", cls.world, false_cases_per_week=1)
        cls.full.must("ingest", *cls.world.records)
        cls.partial = Workspace.make(cls.world.folder / "partial", cls.world, false_cases_per_week=1)
        lines = [line for line in cls.world.lines(20000) if b'"class_uid":3002' in line]
        logons = cls.world.folder / "logons.ocsf.jsonl"
        logons.write_bytes(b"\n".join(lines) + b"\n")
        cls.partial.must("ingest", logons)

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(dir=scratch()))
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()

    def coverage(self, workspace, *arguments):
        """Its temporary folders must be gone afterwards."""
        process = subprocess.run([BINARY, "-w", workspace.folder, "coverage", *arguments], timeout=280,
                                 capture_output=True, check=False,
                                 env={**environment(), "TMPDIR": str(self.temporary)})
        self.assertEqual(os.listdir(self.temporary), [])
        return Outcome(process)

    def test_nothing_is_found_of_a_drip_by_logons_alone(self):
        outcome = self.coverage(self.partial, *SMALL, "--worlds", "drip", "--json")
        self.expect(outcome, OK)
        result = json.loads(outcome.out)
        self.assertIn("authentication", result["present"])
        self.assertIn("email", result["masked"])
        row = result["scenarios"][0]
        self.assertEqual((row["world"], row["insiders"]), ("drip", 6))
        self.assertGreater(row["all_sources"]["found"], 0, "two sends a month by six people, and none found")
        self.assertEqual(row["sources_here"]["found"], 0)
        self.assertGreater(row["all_sources"]["found_high"], row["all_sources"]["found_low"])

    def test_with_all_sources_there_both_columns_agree_and_the_text_fits(self):
        outcome = self.coverage(self.full, *SMALL, "--worlds", "drip,burst")
        self.expect(outcome, OK, "a simulation, and no promise", "with those here", "drip", "burst")
        self.assertFalse([line for line in outcome.out.splitlines() if len(line) > 80], outcome.out)
        row = next(line for line in outcome.out.splitlines() if line.startswith("drip "))
        everything, here = row.split("  ", 1)[1].strip().split("  ", 1)
        self.assertEqual(everything.strip(), here.strip())

    def test_wrong_command_lines_and_empty_workspaces_are_told(self):
        self.expect(self.coverage(self.full, "--worlds", "null"), USAGE, "one with insiders")
        self.expect(self.coverage(self.full, "--worlds", "drap"), USAGE, "choose of")
        self.expect(self.coverage(Workspace.make(self.folder / "w")), FAILED, "no records yet")

    def test_ctrl_c_leaves_nothing_behind(self):
        process = subprocess.Popen([BINARY, "-w", self.full.folder, "coverage", "--worlds", "drip"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env={**environment(), "TMPDIR": str(self.temporary)})
        wait_until(lambda: os.listdir(self.temporary))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, STOPPED, (out, err))
        self.assertIn(b"Stopped before", out)
        self.assertEqual(os.listdir(self.temporary), [])


if __name__ == "__main__":
    main()
