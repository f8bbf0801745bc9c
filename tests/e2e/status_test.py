"""`weir status`: what it says of a workspace that runs, and of one that does not."""
import shutil

from harness import OK, PARTLY, WeirTest, Workspace, World, main

HYPOTHESES = {"slow_drip", "burst", "odd_hours", "departing", "other_account", "sabotage"}


class Status(WeirTest):
    @classmethod
    def setUpClass(cls):
        cls.world = World.of("drip", people=40, years=2, insiders=4, sends_per_year=24)
        cls.workspace = Workspace.make(cls.world.folder / "status", cls.world, false_cases_per_week=100)
        cls.workspace.must("ingest", *cls.world.records)
        cls.waiting = cls.workspace.copy(cls.world.folder / "waiting")
        cls.workspace.must("analyze")

    def test_all_is_well_after_ingest_and_analyze(self):
        outcome = self.workspace.run("status")
        self.expect(outcome, OK, "all is well", "last ingest", "less than an hour ago", "slow drip", "nats")
        self.assertFalse([line for line in outcome.out.splitlines() if len(line) > 80], outcome.out)

    def test_its_figures_are_those_of_the_stores(self):
        status = self.workspace.must("status", "--json").json()
        self.assertEqual(status["lake_records"], self.workspace.count())
        self.assertEqual(status["open_cases"]["all"], len(self.workspace.cases()))
        self.assertEqual({level["hypothesis"] for level in status["thresholds"]}, HYPOTHESES)
        for level in status["thresholds"]:
            self.assertGreaterEqual(level["nats"], 4)
            self.assertIn(level["basis"], ("model", "observed"))
        for case in self.workspace.cases():
            self.assertGreaterEqual(case["nats"], 4)
        last = self.workspace.query("SELECT max(day)::VARCHAR AS day FROM days")[0]["day"]
        self.assertEqual(status["closed_through"], last)
        self.assertEqual(status["records_waiting_at_most"], 0)
        self.assertEqual(status["attention"], [])
        entries = self.workspace.must("audit", "verify", "--json").json()["entries"]
        head = self.workspace.must("status", "--json").json()["audit_head"]
        self.assertEqual(head["entry"], entries, "to look at the status is not an entry")
        self.assertEqual(len(head["hash"]), 64)
        self.assertGreater(head["time"], "2020", "cases were opened last, and the log says when")

    def test_days_that_wait_need_attention(self):
        self.expect(self.waiting.run("status"), PARTLY, "no day is closed yet", "needs attention")
        part = self.waiting.copy(self.folder / "part")
        part.must("analyze", "--through", "2013-06-30")
        outcome = part.run("status", "--json")
        self.expect(outcome, PARTLY, "wait to be closed")
        self.assertEqual(outcome.json()["closed_through"], "2013-06-30")
        self.assertGreater(outcome.json()["days_waiting"], 100)
        self.assertGreater(outcome.json()["records_waiting_at_most"], 1000)

    def test_what_is_missing_needs_attention_and_ends_nothing(self):
        copy = self.workspace.copy(self.folder / "damaged")
        next((copy.folder / "lake").rglob("*.parquet")).unlink()
        for state in (copy.folder / "state").iterdir():
            state.unlink()
        self.expect(copy.run("status"), PARTLY, "1 file of the lake is not there",
                    "analyze --again")

    def test_an_empty_workspace_says_what_to_do(self):
        empty = Workspace.make(self.folder / "w")
        self.expect(empty.run("status"), PARTLY, "nothing was ingested yet", "last ingest")
        self.assertIsNone(empty.run("status", "--json").json()["last_ingest"])

    def test_a_source_that_fell_silent_is_late(self):
        copy = Workspace.make(self.folder / "late", self.world)
        lines = self.world.lines(40000)
        mails = [line for line in lines if b'"class_uid":4009' in line]
        others = [line for line in lines if b'"class_uid":4009' not in line]
        copy.must("ingest", self.file("r.ocsf.jsonl", b"\n".join(mails[: len(mails) // 2] + others) + b"\n"))
        late = [one["class"] for one in copy.run("status", "--json").json()["sources"] if one["late"]]
        self.assertIn("email", late)


if __name__ == "__main__":
    main()
