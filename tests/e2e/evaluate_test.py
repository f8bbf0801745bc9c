"""`weir evaluate` on small worlds: what it writes down, when, and whether its figures agree."""
import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

from harness import BINARY, FAILED, OK, USAGE, Outcome, WeirTest, environment, main, scratch

SMALL = ["--people", "60", "--years", "2", "--insiders", "6", "--sends-per-year", "24"]


class Evaluate(WeirTest):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(dir=scratch()))
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()
        self.record = self.folder / "record.md"

    def evaluate(self, *arguments, workspace="."):
        """Its temporary folders must be gone afterwards."""
        process = subprocess.run([BINARY, "-w", workspace, "evaluate", "--append", self.record, *arguments],
                                 capture_output=True, timeout=280, check=False,
                                 env={**environment(), "TMPDIR": str(self.temporary)})
        self.assertEqual(os.listdir(self.temporary), [])
        return Outcome(process)

    def must(self, *arguments):
        outcome = self.evaluate("--json", *SMALL, *arguments)
        self.expect(outcome, OK)
        return json.loads(outcome.out)

    def test_everything_is_fixed_before_the_sealed_seeds_are_drawn(self):
        result = self.must("--worlds", "null,drip", "--seeds", "1", "--sealed", "1", "--rivals",
                           "--budgets", "7,100", "--note", "A small run")
        self.assertEqual(result["development_seeds"], [1])
        self.assertEqual(len(result["sealed_seeds"]), 1)
        self.assertEqual(result["seeds_of_rows"], "sealed")
        detectors = {row["detector"] for row in result["rows"]}
        self.assertEqual(len(detectors), 15, "Weir and seven rivals twice")
        self.assertEqual(len(result["rows"]), 2 * 2 * 15)
        for row in result["rows"]:
            self.assertEqual(row["result"]["insiders"], 6 if row["world"] == "drip" else 0)
            self.assertLessEqual(row["result"]["found"], row["result"]["insiders"])
            self.assertAlmostEqual(row["false_a_week_allowed"], row["budget"] * 60 / 10000)
            if row["setting"]:
                best = row["best_threshold"]
                self.assertLessEqual(best["false_a_week"], row["false_a_week_allowed"])
        record = self.record.read_text()
        self.assertIn(": A small run", record)
        places = [record.index(text) for text in (
            "Program: weir", "parameters.h has SHA-256", f"Configuration: {result['hash']}",
            "Rivals frozen:", f"Sealed seeds, drawn now: {result['sealed_seeds'][0]}", "| drip | 100 |")]
        self.assertEqual(places, sorted(places))
        outcome = self.evaluate("--pool", "drip", "--people", "60")
        self.expect(outcome, OK, "drip, 60 people, 2 years, budget 7: 1 run", "budget 100", "of 6")
        self.expect(self.evaluate("--pool", "drip", "--people", "61"), FAILED, "no sealed run of drip")

    def test_the_same_configuration_has_the_same_hash_and_another_one_another(self):
        first = self.must("--worlds", "null", "--seeds", "1", "--budgets", "1")
        again = self.must("--worlds", "null", "--seeds", "1", "--budgets", "1")
        other = self.must("--worlds", "null", "--seeds", "1", "--budgets", "2")
        self.assertEqual(first["hash"], again["hash"])
        self.assertNotEqual(first["hash"], other["hash"])
        self.assertEqual(len(re.findall(r"^## ", self.record.read_text(), re.M)), 3)

    def test_a_kept_workspace_scores_as_it_did_and_audits_take_its_insiders_away(self):
        keep = self.folder / "kept"
        result = self.must("--worlds", "drip", "--seeds", "1", "--budgets", "100", "--keep", str(keep))
        weir = result["rows"][0]
        self.assertEqual(weir["detector"], "Weir, lane 1")
        self.assertGreater(weir["result"]["found"], 0, "two sends a month by six people, and none found")
        outcome = self.evaluate("--score", str(keep / "drip-1/world"),
                                workspace=keep / "drip-1/workspace")
        self.expect(outcome, OK, f"Insiders found: {weir['result']['found']} of 6")
        self.expect(outcome, OK, f"False cases: {weir['result']['false_cases']} in")

        blind = self.must("--worlds", "drip", "--seeds", "1", "--budgets", "100", "--without", "email")
        self.assertEqual(blind["rows"][0]["result"]["found"], 0)
        dealt = self.must("--worlds", "drip", "--seeds", "1", "--budgets", "100", "--permute")
        self.assertEqual(dealt["rows"][0]["result"]["found"], 0)
        self.assertEqual(dealt["permuted"][0]["insiders"], 6)
        self.assertLess(dealt["permuted"][0]["insiders_with_case"], weir["result"]["found"])
        self.assertIn("Malicious acts are dealt to people drawn by lot", self.record.read_text())

    def test_a_run_that_fails_is_on_record(self):
        outcome = self.evaluate("--people", "10", "--years", "1", "--insiders", "5000", "--budgets", "7",
                                "--worlds", "drip", "--seeds", "1")
        self.expect(outcome, FAILED, "Run failed: drip, seed 1:")
        self.assertIn("Run failed: drip, seed 1:", self.record.read_text())

    def test_a_wrong_command_line_does_nothing(self):
        for arguments, message in [
                (["--worlds", "drap", "--seeds", "1"], "--worlds drap: choose of"),
                (["--seeds", "0"], "nothing to run"),
                (["--sealed", "1", "--rivals"], "--rivals needs development worlds"),
                (["--seeds", "1", "--budgets", "many"], "--budgets many: not a number"),
                (["--seeds", "1", "--budgets", "1e9"], "should be between"),
                (["--seeds", "1", "--without", "gossip"], "--without gossip: choose of"),
                (["--seeds", "1", "--rivals", "--permute"], "--permute is about Weir alone")]:
            outcome = self.evaluate(*arguments)
            self.expect(outcome, USAGE, message)
        self.assertFalse(self.record.exists())

    def test_a_record_that_cannot_be_written_is_told_before_anything_runs(self):
        self.record = self.folder / "missing" / "record.md"
        self.expect(self.evaluate("--seeds", "1"), FAILED, "--append FILE puts it elsewhere")

    def test_answers_that_are_no_answers_are_told_with_their_place(self):
        workspace = self.folder / "w"
        subprocess.run([BINARY, "init", workspace, "--evaluation"], check=True, capture_output=True)
        (self.folder / "answers.json").write_text('{"version": 1, "world": 3}')
        outcome = self.evaluate("--score", str(self.folder), workspace=workspace)
        self.expect(outcome, FAILED, "answers.json: world: should be a text")


if __name__ == "__main__":
    main()
