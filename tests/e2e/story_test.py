"""The whole story on simulated organisations: from logs to explained cases, and what keeps them."""
import json
import re
import shutil
import signal
import sqlite3
import subprocess
import unittest

from harness import (BINARY, DAMAGED, FAILED, OK, STOPPED, USAGE, Outcome, WeirTest, Workspace, World,
                     environment, is_reading_input, main, wait_until, weir)


class Story(WeirTest):
    """One analyzed workspace, looked at from all sides."""

    @classmethod
    def setUpClass(cls):
        cls.world = World.of("drip", people=60, years=3, insiders=8, sends_per_year=24)
        cls.template = Workspace.make(cls.world.folder / "template", cls.world,
                                      false_cases_per_week=100)
        cls.workspace = cls.template.copy(cls.world.folder / "workspace")
        cls.ingested = cls.workspace.must("ingest", *cls.world.records)
        cls.analyzed = cls.workspace.must("analyze")

    def test_records_are_there_once_each(self):
        records, ids, _ = self.workspace.contents()
        self.assertGreater(records, 1000)
        self.assertEqual(records, ids)

    def test_ingesting_again_changes_nothing(self):
        before = self.workspace.contents()
        self.workspace.must("ingest", *self.world.records)
        self.assertEqual(self.workspace.contents(), before)

    def test_analyzing_again_changes_nothing(self):
        before = self.workspace.cases()
        self.workspace.must("analyze")
        self.assertEqual(self.workspace.cases(), before)

    def test_a_case_as_json_has_what_scoring_needs(self):
        cases = self.workspace.cases()
        self.assertTrue(cases, "the world has insiders who send twice a month, and no case")
        for case in cases:
            for key in ("id", "person", "opened", "lane", "hypothesis", "nats", "acts"):
                self.assertIn(key, case)
            self.assertTrue(case["acts"])
            for act in case["acts"]:
                for key in ("time", "activity", "records", "nats"):
                    self.assertIn(key, act)
            weights = [act["nats"] for act in case["acts"]]
            self.assertEqual(weights, sorted(weights, reverse=True))

    def test_a_case_cites_records_that_are_in_the_lake(self):
        cited = {record for case in self.workspace.cases() for act in case["acts"][:10]
                 for record in act["records"]}
        listed = ", ".join(f"'{record}'" for record in sorted(cited))
        rows = self.workspace.query(f"SELECT count(DISTINCT uid) AS n FROM records WHERE uid IN ({listed})")
        self.assertEqual(int(rows[0]["n"]), len(cited))

    def test_one_case_is_explained_within_80_columns(self):
        number = self.workspace.cases()[0]["id"]
        explained = self.workspace.must("case", number)
        self.assertTrue(all(len(line) <= 80 for line in explained.out.splitlines()), explained.out)
        self.assertRegex(explained.out, r"(?i)innocent")
        self.assertRegex(explained.out, r"(?i)would clear|would settle")

    def test_every_help_page_fits_80_columns(self):
        def subcommands(page):
            return re.findall(r"^  ([a-z]+) ", page.partition("Subcommands:")[2].partition("\n\n")[0], re.M)

        def walk(*command):
            page = Outcome(weir(*command, "--help")).out
            self.assertIn("Usage:", page)
            self.assertFalse([line for line in page.splitlines() if len(line) > 80], page)
            self.assertTrue(page.endswith("\n") and not page.endswith("\n\n\n"), page)
            return 1 + sum(walk(*command, name) for name in subcommands(page))
        self.assertGreater(walk(), 25)

    def test_the_queue_fits_80_columns(self):
        queue = self.workspace.must("cases")
        self.assertTrue(all(len(line) <= 80 for line in queue.out.splitlines()), queue.out)

    def test_the_budget_fits_80_columns_and_adds_up(self):
        budget = self.workspace.must("budget")
        self.assertLessEqual(max(map(len, budget.out.splitlines())), 80)
        told = self.workspace.must("budget", "--json").json()
        self.assertEqual(sum(row["cases"] for row in told["opened"]), len(self.workspace.cases()))
        self.assertAlmostEqual(sum(row["promised_a_week"] for row in told["hypotheses"]), 100)

    def test_a_report_is_markdown_with_headings(self):
        report = self.workspace.must("report", self.workspace.cases()[0]["id"])
        self.assertGreaterEqual(len(re.findall(r"^## ", report.out, re.M)), 5)

    def test_no_real_name_or_address_is_shown_without_reveal(self):
        names = self.real_names()
        self.assertGreater(len(names), 40)
        number = self.workspace.cases()[0]["id"]
        shown = "".join(self.workspace.must(*command).out for command in (
            ("cases",), ("cases", "--json"), ("case", number), ("case", number, "--json"),
            ("report", number), ("query", "SELECT * FROM records LIMIT 50"),
            ("roster", "resolve")))
        for name in names:
            self.assertNotIn(name, shown)

    def test_no_real_name_or_address_rests_on_disk(self):
        names = [name.encode() for name in self.real_names()]
        kept = [path for folder in ("lake", "state", "vault") for path in
                (self.workspace.folder / folder).rglob("*") if path.is_file()]
        kept.append(self.workspace.folder / "ledger.db")
        for path in kept:
            content = path.read_bytes()
            for name in names:
                self.assertNotIn(name, content, f"{name!r} stands in {path}")

    def test_reveal_names_a_person_of_the_roster(self):
        case = self.workspace.cases()[0]
        revealed = self.workspace.must("case", case["id"], "--reveal").out
        self.assertTrue(any(name in revealed for name in self.real_names()), revealed)

    def test_all_stores_verify(self):
        self.workspace.must("lake", "verify")
        self.workspace.must("audit", "verify")

    def test_an_altered_parquet_file_is_found(self):
        copy = self.workspace.copy(self.folder / "altered")
        victim = next((copy.folder / "lake").rglob("*.parquet"))
        content = bytearray(victim.read_bytes())
        content[len(content) // 2] ^= 0x10
        victim.chmod(0o600)
        victim.write_bytes(content)
        self.expect(copy.run("lake", "verify"), DAMAGED, victim.name)

    def test_a_missing_parquet_file_is_found(self):
        copy = self.workspace.copy(self.folder / "missing")
        victim = next((copy.folder / "lake").rglob("*.parquet"))
        victim.unlink()
        self.expect(copy.run("lake", "verify"), DAMAGED, victim.name)

    def test_a_missing_lake_is_damage_and_costs_no_case(self):
        copy = self.workspace.copy(self.folder / "gone")
        shutil.rmtree(copy.folder / "lake")
        self.expect(copy.run("lake", "verify"), DAMAGED, "parquet")
        self.expect(copy.run("analyze", "--again"), DAMAGED, "missing", "backup")
        self.assertEqual(copy.cases(), self.workspace.cases())

    def test_a_replay_that_fails_costs_no_case(self):
        copy = self.workspace.copy(self.folder / "hurt")
        victim = min((copy.folder / "lake").rglob("*.parquet"))
        victim.chmod(0o600)
        victim.write_bytes(b"PAR1")
        self.expect(copy.run("analyze", "--again"), DAMAGED, victim.name)
        self.assertEqual(copy.cases(), self.workspace.cases())
        self.assertIn("No new day", copy.must("analyze").out)

    def test_a_replay_comes_to_the_same_cases_and_is_in_the_audit_log(self):
        copy = self.workspace.copy(self.folder / "again")
        copy.must("analyze", "--again")
        self.assertEqual(copy.cases(), self.workspace.cases())
        self.assertIn(b"analyze.again", (copy.folder / "ledger.db").read_bytes())

    def test_a_decision_counts_from_the_next_day_on_and_in_a_replay_too(self):
        copy = self.template.copy(self.folder / "decided")
        copy.must("ingest", *self.world.records)
        copy.must("analyze", "--through", f"{self.world_year(copy) + 1}-12-31")
        drip = next(case for case in copy.cases() if case["hypothesis"] == "slow_drip")
        number = drip["id"]
        self.expect(copy.run("case", number, "--close", "innocent"), USAGE, "--because")
        self.expect(copy.run("case", number, "--close", "innocent", "--because", "x",
                             "--explained-by", "traveller"), USAGE, "was weighed against")
        self.expect(copy.run("case", number, "--reopen", "--because", "x"), USAGE, "open already")
        said = copy.must("case", number, "--close", "innocent", "--explained-by", "freelancer",
                         "--because", "a contract; personnel knows")
        self.assertIn(f"Case {number} is closed: innocent", said.out)
        self.assertIn("Decided: 1 innocent", copy.must("cases").out)
        self.assertIn("works for others on the side", copy.must("case", number).out)
        self.assertIn(b"case.close", (copy.folder / "ledger.db").read_bytes())
        drips = copy.must("budget", "--json").json()["hypotheses"][0]
        self.assertEqual((drips["hypothesis"], drips["innocent"]), ("slow_drip", 1))
        self.assertEqual(copy.must("analyze", "--json").json()["decisions"], 1)
        resumed = copy.cases()
        decided = next(case for case in resumed if case["id"] == number)
        self.assertEqual(decided["status"], "innocent")
        self.assertEqual(decided["decisions"][0]["explained_by"], "freelancer")
        self.assertEqual(copy.must("analyze", "--again", "--json").json()["decisions"], 1)
        self.assertEqual(copy.cases(), resumed)
        copy.must("case", number, "--reopen", "--because", "the contract had ended")
        self.assertNotIn("Decided:", copy.must("cases").out)
        copy.must("audit", "verify")

    @staticmethod
    def world_year(workspace):
        return int(workspace.query("SELECT CAST(min(year(time)) AS VARCHAR) AS y FROM records")[0]["y"])

    def test_cases_are_not_forgotten_beside_another_writer(self):
        copy = self.workspace.copy(self.folder / "busy")
        writer = subprocess.Popen([BINARY, "-w", copy.folder, "ingest", "--format", "ocsf", "-"],
                                  stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, env=environment())
        wait_until(lambda: is_reading_input(writer.pid))
        self.expect(copy.run("analyze", "--again"), FAILED, "another weir is writing")
        writer.communicate(timeout=60)
        self.assertEqual(copy.cases(), self.workspace.cases())

    def test_records_that_come_after_their_day_was_closed_are_said_to_wait(self):
        copy = self.template.copy(self.folder / "late")
        copy.must("ingest", *self.world.records)
        copy.must("analyze")
        record = json.loads(self.world.lines(1)[0])
        record["time"] += 1
        copy.must("ingest", "--format", "ocsf", "-", stdin=json.dumps(record).encode() + b"\n")
        self.assertGreater(copy.count(), self.workspace.count())
        self.expect(copy.run("analyze"), OK, "closed days", "analyze --again")

    def test_another_budget_is_said_with_the_way_out(self):
        copy = self.workspace.copy(self.folder / "budget")
        settings = copy.folder / "weir.yaml"
        settings.write_text(re.sub(r"(false_cases_per_week:).*", r"\1 1",
                                   settings.read_text(encoding="utf-8")), encoding="utf-8")
        self.expect(copy.run("cases"), OK, "weir.yaml was changed after the last analysis")
        self.expect(copy.run("analyze"), FAILED, "weir.yaml", "analyze --again")
        self.assertEqual(copy.cases(), self.workspace.cases())

    def test_ctrl_c_stops_a_query(self):
        query = subprocess.Popen(
            [BINARY, "-w", self.workspace.folder, "query",
             "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment())
        wait_until(lambda: self.has_child(query.pid))
        query.send_signal(signal.SIGINT)
        text = query.communicate(timeout=120)[0].decode()
        self.assertEqual(query.returncode, STOPPED, text)

    @staticmethod
    def has_child(pid):
        try:
            with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
                return bool(file.read().strip())
        except OSError:
            return False

    def test_an_altered_audit_entry_is_found(self):
        copy = self.workspace.copy(self.folder / "forged")
        database = sqlite3.connect(copy.folder / "ledger.db")
        tables = [name for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%audit%'")]
        self.assertTrue(tables)
        changed = 0
        for table in tables:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            if "actor" in columns:
                for (trigger,) in database.execute(
                        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?",
                        (table,)).fetchall():
                    database.execute(f"DROP TRIGGER {trigger}")
                changed += database.execute(
                    f"UPDATE {table} SET actor = 'somebody-else' "
                    f"WHERE rowid = (SELECT min(rowid) FROM {table})").rowcount
        database.commit()
        database.close()
        self.assertEqual(changed, 1)
        self.expect(copy.run("audit", "verify"), DAMAGED, "1")

    def test_backup_and_restore_bring_back_the_same_cases(self):
        backup = self.folder / "backup"
        restored = self.folder / "restored"
        self.workspace.must("backup", backup)
        self.assertEqual(Outcome(weir("restore", backup, restored)).code, OK)
        again = Workspace(restored)
        self.assertEqual(again.cases(), self.workspace.cases())
        self.assertEqual(again.contents(), self.workspace.contents())
        again.must("lake", "verify")
        again.must("audit", "verify")

    def test_the_answers_play_no_part(self):
        copy = World(shutil.copytree(self.world.folder, self.folder / "world",
                                     ignore=shutil.ignore_patterns("workspace", "template",
                                                                   "answers.json")))
        self.assertFalse(copy.answers.exists())
        workspace = self.template.copy(self.folder / "w")
        workspace.must("ingest", *copy.records)
        workspace.must("analyze")
        self.assertEqual(workspace.cases(), self.workspace.cases())

    def test_query_refuses_to_read_or_write_other_files(self):
        for sql in ("SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'",
                    f"COPY (SELECT 1) TO '{self.folder}/out.csv'", "INSTALL httpfs", "ATTACH 'x.db'",
                    "SELECT 1; SELECT 2", "PRAGMA database_list", "SELECT getenv('HOME')"):
            outcome = self.workspace.run("query", sql)
            self.assertIn(outcome.code, (FAILED, USAGE), f"{sql}: {outcome}")
            self.assertNotIn("root:", outcome.out)
        self.assertFalse((self.folder / "out.csv").exists())

    def real_names(self):
        """Names and addresses of the roster that could not be there by chance."""
        import csv
        with open(self.world.roster, encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        names = set()
        for row in rows:
            for column, value in row.items():
                if column and value and re.search(r"name|mail|address", column):
                    names.update(part for part in value.split(";") if len(part) > 7)
        return names


class Production(WeirTest):
    def test_reveal_does_not_exist_there(self):
        workspace = Workspace.make(self.folder / "w", kind=None)
        self.expect_one_of(workspace.run("case", 1, "--reveal"), (FAILED, USAGE))

    def test_scope_is_off_until_somebody_permits_it(self):
        world = World.of("ordinary", people=20, years=1)
        workspace = Workspace.make(self.folder / "w", kind=None)
        workspace.must("roster", "import", world.roster)
        workspace.run("ingest", "--format", "ocsf", *world.records)
        self.assertEqual(workspace.count(), 0)


class Demo(WeirTest):
    """What `make demo` promises: the leak among the first cases."""

    def test_the_drip_insider_is_among_the_first_cases(self):
        world = World.of("drip", people=200, years=12)
        workspace = Workspace.make(self.folder / "w", world)
        workspace.must("ingest", *world.records)
        workspace.must("analyze")
        answers = json.loads(world.answers.read_text(encoding="utf-8"))
        (insider,) = answers["insiders"]
        first = workspace.must("cases", "--json", "--reveal").json()["cases"][:3]
        self.assertIn(f"({insider['person']})", json.dumps([case["person"] for case in first]))


if __name__ == "__main__":
    main()
