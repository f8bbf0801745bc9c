"""What the commands for the first day say of a workspace: survey."""
import json

from harness import OK, WeirTest, Workspace, World, main


class Survey(WeirTest):
    @classmethod
    def setUpClass(cls):
        cls.world = World.of("drip", people=60, years=3, insiders=8, sends_per_year=24)
        cls.workspace = Workspace.make(cls.world.folder / "survey", cls.world)
        cls.workspace.must("protect", "add", "--manifest", cls.world.folder / "documents.csv")
        cls.workspace.must("ingest", *cls.world.records)
        cls.survey = cls.workspace.must("survey", "--json").json()

    def test_it_counts_what_queries_count(self):
        rows = self.workspace.query(
            "SELECT class, count(*) AS n, min(day)::VARCHAR AS first, max(day)::VARCHAR AS last, "
            "count(DISTINCT day) AS days FROM records GROUP BY class")
        classes = {one["class"]: one for one in self.survey["classes"]}
        self.assertEqual({row["class"] for row in rows},
                         {name for name, one in classes.items() if one["records"]})
        for row in rows:
            one = classes[row["class"]]
            self.assertEqual((one["records"], one["first"], one["last"]),
                             (int(row["n"]), row["first"], row["last"]))
            self.assertEqual(one["formats"], ["ocsf"])
        self.assertEqual(self.survey["records"], sum(int(row["n"]) for row in rows))

    def test_documents_outside_are_those_that_queries_find_on_a_way_out(self):
        row = self.workspace.query(
            "SELECT count(DISTINCT document) AS documents, count(DISTINCT uid) AS sends FROM documents "
            "WHERE activity IN ('web_upload', 'print')")[0]
        ways = [way for way in self.survey["documents"]["ways"] if way["activity"] in ("web_upload", "print")]
        self.assertEqual(sum(way["transmissions"] for way in ways), int(row["sends"]))
        self.assertGreater(self.survey["documents"]["outside"], 0)
        self.assertGreater(sum(label["documents"] for label in self.survey["documents"]["labels"]), 0)

    def test_nobody_is_named_and_small_groups_are_hidden(self):
        people = [row["pseudonym"] for row in self.workspace.query("SELECT pseudonym FROM people")]
        text = self.workspace.must("survey").out + json.dumps(self.survey)
        for name in people:
            self.assertNotIn(name, text)
        for one in self.survey["classes"]:
            self.assertNotIn(one.get("people"), range(1, 5))
        for one in self.survey["undeclared_addresses"]["biggest"]:
            self.assertGreaterEqual(one["people"], 5)

    def test_the_text_fits_80_columns_and_is_audited(self):
        before = self.audited()
        text = self.workspace.must("survey").out
        self.assertFalse([line for line in text.splitlines() if len(line) > 80], text)
        self.assertEqual(self.audited(), before + 1)

    def audited(self):
        return self.workspace.must("audit", "verify", "--json").json()["entries"]

    def test_an_empty_workspace_is_told_what_every_source_would_add(self):
        empty = Workspace.make(self.folder / "w")
        self.expect(empty.run("survey"), OK, "there are no records yet", "- email: no records")
        missing = empty.must("survey", "--json").json()["missing"]
        self.assertIn("email", [one["source"] for one in missing])

    def test_with_one_source_the_others_are_blind_spots(self):
        workspace = Workspace.make(self.folder / "w", self.world)
        mails = [line for line in self.world.lines(20000) if b'"class_uid":4009' in line][:500]
        workspace.must("ingest", self.file("mail.ocsf.jsonl", b"\n".join(mails) + b"\n"))
        survey = workspace.must("survey", "--json").json()
        seen = [one["class"] for one in survey["classes"] if one["records"]]
        self.assertEqual(seen, ["email"])
        spots = " ".join(survey["blind_spots"])
        for name in ("web: no records", "file: no records", "print: no records"):
            self.assertIn(name, spots)


if __name__ == "__main__":
    main()
