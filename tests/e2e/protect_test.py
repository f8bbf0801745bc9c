"""Protected documents: registered, recognised in mails and archives, and never called clean unread."""
import base64
import contextlib
import io
import json
import os
import random
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path

from harness import BINARY, DAMAGED, FAILED, OK, PARTLY, USAGE, WeirTest, Workspace, World, environment, main

FOUND = 5
UNREAD = 6

# Two texts that share no passage; the words mean nothing.
PLAN = " ".join(f"{noun} {verb} the {place} before {month} while {noun2} waits beyond {place2}."
                for noun, verb, place, month, noun2, place2 in zip(
                    "courier surveyor archive ledger convoy steward bridge harbour".split() * 6,
                    "inspects closes moves seals counts leaves repairs guards".split() * 6,
                    ("cellar yard quarry depot annexe tower granary mill canal ferry "
                     "orchard signal bastion").split() * 4,
                    "January March April June August October December".split() * 7,
                    "porter warden miller notary pilot".split() * 10,
                    "meadow ravine causeway lighthouse tannery vineyard".split() * 8))
INNOCENT = ("Hello Ben, shall we meet on Friday? The weather should be fine and the children would "
            "like to see the lake again. Greetings to your wife, and tell me what suits you. ")


def mail(body):
    return ("From: a@example.com\r\nTo: b@gmail.com\r\nSubject: lunch\r\nMIME-Version: 1.0\r\n"
            f"Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n").encode()


def zipped(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


class Protect(WeirTest):
    @classmethod
    def setUpClass(cls):
        cls.world = World.of("ordinary", people=20, years=1)

    def setUp(self):
        super().setUp()
        self.workspace = Workspace.make(self.folder / "w", self.world)
        self.plan = self.file("plan.txt", PLAN.encode())
        self.expect(self.add(), OK, "1 document added")

    def add(self, label="secret"):
        return self.workspace.run("protect", "add", self.plan, "--label", label, "--owner", "planning")

    def inspect(self, name, content, *options):
        return self.workspace.run("inspect", self.file(name, content), *options)

    def excerpt(self, words=30, at=100):
        return " ".join(PLAN.split()[at:at + words])

    def test_an_excerpt_in_an_innocent_mail_is_found_with_its_document(self):
        outcome = self.inspect("m.eml", mail(INNOCENT + self.excerpt() + " " + INNOCENT))
        self.expect(outcome, FOUND, "plan.txt", "secret")
        self.assertNotIn(self.excerpt(4), outcome.out)  # text is not shown unasked

    def test_an_innocent_mail_is_clean(self):
        self.expect(self.inspect("m.eml", mail(INNOCENT * 3)), OK, "nothing protected")

    def test_an_archive_member_is_named(self):
        content = zipped(**{"lesson3.txt": INNOCENT + self.excerpt(60)})
        self.expect(self.inspect("course.zip", content), FOUND, "lesson3.txt")

    def test_the_very_file_is_known_as_such(self):
        self.expect(self.inspect("other-name.bin", PLAN.encode()), FOUND, "that was registered")

    def test_what_cannot_be_read_is_not_clean(self):
        content = bytearray(zipped(**{"a.txt": INNOCENT}))
        for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            content[content.index(signature) + at] |= 1  # says it is encrypted
        self.expect(self.inspect("sealed.zip", bytes(content)), UNREAD, "not read", "encrypted")

    def test_pictures_that_look_like_text_are_unread_unless_ocr_reads_them(self):
        words = (Path(__file__).parents[2] / "testdata/pictures/words.png").read_bytes()
        self.expect(self.inspect("words.png", words), UNREAD, "looks like text")
        self.expect(self.inspect("words.png", words, "--ocr"), OK)
        self.expect(self.inspect("words.png", words, "--ocr=eng+tlh"), FAILED, "tesseract-ocr-tlh")

    def test_json_says_where_and_keeps_the_text_to_itself(self):
        outcome = self.inspect("m.eml", mail(INNOCENT + self.excerpt()), "--json")
        self.assertEqual(outcome.code, FOUND, outcome)
        found = json.loads(outcome.out)[0]["found"][0]
        self.assertEqual(found["label"], "secret")
        self.assertGreaterEqual(found["words"], 20)
        self.assertNotIn("text", found["passages"][0])

    def test_a_changed_file_is_a_version_and_both_are_known(self):
        self.expect(self.add(), OK, "1 as before")
        later = "An annex follows. " + " ".join(reversed(PLAN.split()))
        self.plan.write_bytes(later.encode())
        self.expect(self.workspace.run("protect", "rescan"), OK, "1 new version,")
        self.expect(self.inspect("old.txt", (INNOCENT + self.excerpt(60)).encode()), FOUND)
        later_words = " ".join(later.split()[50:110])
        self.expect(self.inspect("new.txt", (INNOCENT + later_words).encode()), FOUND)

    def test_what_is_removed_or_public_is_no_find(self):
        excerpt = (INNOCENT + self.excerpt(60)).encode()
        public = self.file("public.txt", self.excerpt(200, 50).encode())
        self.expect(self.workspace.run("protect", "background", "add", public), OK, "1 text")
        self.expect(self.inspect("a.txt", excerpt), OK)
        self.expect(self.workspace.run("protect", "remove", "1"), OK)
        self.expect(self.inspect("b.txt", PLAN.encode()), OK)
        self.expect(self.workspace.run("protect", "remove", "1"), FAILED, "no protected document 1")

    def test_each_file_tried_is_noted_before_anything_is_shown(self):
        probe = self.file("m.txt", self.excerpt(60).encode())
        with open("/dev/full", "wb") as full:
            process = subprocess.run([BINARY, "-w", self.workspace.folder, "inspect", probe],
                                     stdout=full, stderr=subprocess.PIPE, env=environment(), check=False)
        self.assertEqual(process.returncode, FAILED, process.stderr)
        with contextlib.closing(sqlite3.connect(self.workspace.folder / "ledger.db")) as ledger:
            [[details]] = ledger.execute("SELECT details FROM audit WHERE action = 'inspect'")
        self.assertEqual(json.loads(details)["found"], [1])

    def test_nobody_tries_drafts_without_end(self):
        workspace = Workspace.make(self.folder / "p", kind=None)
        probe = self.file("m.txt", b"a draft")
        self.expect(workspace.run("inspect", probe), OK)
        with contextlib.closing(sqlite3.connect(workspace.folder / "ledger.db")) as ledger:
            columns = "time_ms, actor, action, subject, details, hash"
            ledger.execute(f"""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99)
                INSERT INTO audit ({columns}) SELECT {columns} FROM audit, n WHERE action = 'inspect'""")
            ledger.commit()
        self.expect(workspace.run("inspect", probe), FAILED, "100 files within an hour")

    def test_another_label_reads_no_file_again(self):
        self.expect(self.add(label="Board only"), OK, "1 relabelled")
        outcome = self.workspace.run("protect", "show", "1", "--json")
        shown = outcome.json()["document"]
        self.assertEqual((shown["label"], shown["sensitivity"], shown["version"]),
                         ("Board only", "confidential", 1))
        self.expect(self.workspace.run("protect", "add", self.plan, "--label", "x",
                                       "--sensitivity", "secrt"), USAGE, "confidential, secret")

    def test_what_many_people_send_openly_is_learnt_and_a_document_is_not(self):
        workspace = Workspace.make(self.folder / "o", kind="--evaluation")
        config = workspace.folder / "weir.yaml"
        config.write_text(config.read_text(encoding="utf-8").replace("domains: []", "domains: [corp.example]", 1),
                          encoding="utf-8")
        dice = random.Random("openly")
        words = ["".join(dice.choices("bdfglmnprstvaeiou", k=7)) for _ in range(700)]
        disclaimer, plan = " ".join(words[:60]), " ".join(words[60:380])
        report = " ".join([disclaimer, *words[380:]])
        for name, text in (("plan.txt", plan), ("report.txt", report)):
            self.expect(workspace.run("protect", "add", self.file(name, text.encode()), "--label", "secret"), OK)

        def box(name, senders, body):
            return self.file(name, b"".join(
                b"From a Mon Mar  2 10:00:00 2020\n" + mail(body).replace(b"a@example.com", sender.encode())
                .replace(b"MIME", b"Date: Mon, 02 Mar 2020 10:00:00 +0100\r\nMIME", 1) + b"\r\n"
                for sender in senders))

        people = [f"p{i}@corp.example" for i in range(10)]
        learn = ("protect", "background", "learn")
        few = box("few.mbox", people[:9] + [f"p0+{i}@corp.example" for i in range(5)]
                  + [f"x{i}@elsewhere.example" for i in range(20)], INNOCENT + disclaimer)
        self.expect(workspace.run(*learn, few), OK, "Learnt 0 passages")
        many = box("many.mbox", people, INNOCENT + disclaimer)
        self.expect(workspace.run(*learn, "--dry-run", many), OK, "Would learn", "report.txt")
        probe = self.file("probe.txt", (INNOCENT + disclaimer).encode())
        self.expect(workspace.run("inspect", probe), FOUND, "report.txt")
        outcome = workspace.run(*learn, many, "--json").json()
        self.assertGreater(outcome["passages"], 10)
        self.assertEqual([(one["number"], one["learnt"]) for one in outcome["documents"]], [(2, True)])
        self.expect(workspace.run("inspect", probe), OK)

        laundry = box("laundry.mbox", people, INNOCENT + plan)
        self.expect(workspace.run(*learn, laundry), PARTLY, "Learnt 0 passages", "document 1 (plan.txt)", "nothing of it")
        for at in range(0, len(plan), len(plan) // 5):  # nor by and by
            workspace.run(*learn, box("part.mbox", people, plan[at:at + len(plan) // 5]))
        leak = self.file("leak.txt", " ".join(words[260:380]).encode())
        self.expect(workspace.run("inspect", leak), FOUND, "plan.txt")
        self.expect(workspace.run(*learn, "--people", "2", many), USAGE, "--people")
        with contextlib.closing(sqlite3.connect(workspace.folder / "ledger.db")) as ledger:
            noted = [json.loads(details) for [details] in ledger.execute(
                "SELECT details FROM audit WHERE action = 'protect.background' ORDER BY rowid")]
        self.assertEqual([(one["dry_run"], one["mails"]) for one in noted[:4]],
                         [(False, 14), (True, 10), (False, 10), (False, 10)])
        self.assertEqual(noted[3]["documents"][0]["learnt"], False)

    def test_json_everywhere(self):
        for command in (("add", self.plan, "--label", "secret", "--owner", "planning"),
                        ("list",), ("show", "1"), ("rescan",),
                        ("background", "add", self.plan, "--protected-too"),
                        ("remove", "1")):
            outcome = self.workspace.run("protect", *command, "--json")
            self.assertEqual(outcome.code, OK, outcome)
            outcome.json()

    def outgoing(self, name, to, body, date="Mon, 02 Mar 2012 10:00:00 +0100"):
        return self.file(name, mail(body).replace(b"a@example.com", b"a@aldermoor.example")
                         .replace(b"b@gmail.com", to).replace(b"MIME", f"Date: {date}\r\nMIME".encode(), 1))

    def test_mail_that_leaves_is_inspected_and_what_left_is_shown(self):
        mails = [self.outgoing("1.eml", b"b@gmail.com", INNOCENT + self.excerpt(60, 0)),
                 self.outgoing("2.eml", b"c@gmail.com", INNOCENT + self.excerpt(60, 100),
                               "Tue, 03 Jul 2012 10:00:00 +0100"),
                 self.outgoing("3.eml", b"d@aldermoor.example", self.excerpt(60)),
                 self.outgoing("4.eml", b"b@gmail.com", INNOCENT)]
        self.expect(self.workspace.run("ingest", *mails), OK, "2 records have protected documents",
                    "3 mails to the outside were inspected")
        shown = self.workspace.run("protect", "show", "1", "--json").json()["departures"]
        self.assertEqual([(row["activity"], row["records"], row["addresses"]) for row in shown],
                         [("mail_send", 2, 2)])
        both = shown[0]["share"]
        self.assertTrue(0.2 < both < 0.8, both)  # 120 of about 380 words, in whole blocks
        rows = self.workspace.run(
            "query", "SELECT inspected, not_all_read, documents, sensitivity FROM records ORDER BY 1, 3",
            "--json").json()["rows"]
        self.assertEqual([tuple(row.values()) for row in rows],
                         [("false", "false", "0", "unknown"), ("true", "false", "0", "none"),
                          ("true", "false", "1", "secret"), ("true", "false", "1", "secret")])

    def test_mail_is_not_inspected_where_that_is_not_wanted(self):
        letter = self.outgoing("1.eml", b"b@gmail.com", INNOCENT + self.excerpt(60))
        outcome = self.workspace.run("ingest", letter, "--no-inspection")
        self.expect(outcome, OK, "1 record")
        self.assertNotIn("inspected", outcome.out)

    def test_what_is_registered_later_is_found_in_mail_that_was_stored(self):
        other = " ".join(reversed(PLAN.split()))
        mails = [self.outgoing("1.eml", b"b@gmail.com", INNOCENT + self.excerpt(60)),
                 self.outgoing("2.eml", b"b@gmail.com", other[:700], "Tue, 03 Jul 2012 10:00:00 +0100"),
                 self.outgoing("3.eml", b"b@gmail.com", INNOCENT, "Wed, 04 Jul 2012 10:00:00 +0100")]
        self.expect(self.workspace.run("ingest", *mails), OK, "1 record has protected documents")
        first = self.workspace.run("analyze", "--json").json()
        self.expect(self.workspace.run("protect", "add", self.file("later.txt", other.encode()), "--label", "secret"), OK)
        self.expect(self.workspace.run("ingest", "--reinspect", *mails), OK, "1 new", "2 records say nothing that was not known",
                    "1 record has protected documents", "weir analyze --again")
        self.expect(self.workspace.run("ingest", "--reinspect", *mails), OK, "0 new", "3 records say nothing that was not known")
        shown = self.workspace.run("protect", "show", "2", "--json").json()["departures"]
        self.assertEqual([(row["activity"], row["records"], row["first"][:10]) for row in shown],
                         [("mail_send", 1, "2012-07-03")])
        rows = self.workspace.run("query", "SELECT recognised_later, documents FROM records ORDER BY time, 1",
                                  "--json").json()["rows"]
        self.assertEqual([tuple(row.values()) for row in rows],
                         [("false", "1"), ("false", "0"), ("true", "1"), ("false", "0")])
        again = self.workspace.run("analyze", "--again", "--json").json()
        self.assertEqual((again["records"], again["acts"]), (first["records"] + 1, first["acts"]))
        self.expect(self.workspace.run("ingest", "--reinspect", "--no-inspection", *mails), USAGE, "excludes")

    def test_documents_listed_later_are_found_in_logs_that_were_stored(self):
        self.workspace.run("ingest", *self.world.records)
        self.workspace.run("protect", "add", "--manifest", self.world.folder / "documents.csv")
        outcome = self.workspace.run("ingest", "--reinspect", *self.world.records, "--json").json()
        self.assertGreater(outcome["with_documents"], 10)
        self.assertEqual(outcome["with_documents"], outcome["new"] + outcome["known_before"])  # the world repeats some

    def test_a_manifest_makes_documents_known_by_the_digests_in_logs(self):
        manifest = self.world.folder / "documents.csv"
        self.expect(self.workspace.run("protect", "add", "--manifest", manifest), OK,
                    "recognised where a log names their digest")
        self.expect(self.workspace.run("protect", "add", "--manifest", manifest), OK, "0 documents added")
        outcome = self.workspace.run("ingest", *self.world.records, "--json").json()
        self.assertGreater(outcome["with_documents"], 10)
        self.assertEqual(outcome["inspected"], 0)

    def test_a_wrong_manifest_is_named_with_its_line_and_registers_nothing(self):
        for text, line, words in (
                ("path,label,race\nx,secret,y\n", 1, "no column 'race'"),
                ("path\nx\n", 1, "path and label are needed"),
                ("path,label,md5\n\"a\nb\",secret,00112233445566778899aabbccddeeff\nx,secret,12\n", 4, "32 hexa"),
                ("path,label\nnowhere.docx,secret\n", 2, "no such file, and no digest"),
                ("path,label,sensitivity\nplan.txt,secret,hot\n", 2, "confidential, secret"),
                ("", 1, "is empty"), ("path,label\n\"x,secret\n", 2, "quotes")):
            with self.subTest(text=text):
                manifest = self.file("m.csv", text.encode())
                self.expect(self.workspace.run("protect", "add", "--manifest", manifest), FAILED,
                            f"m.csv:{line}:", words)
        self.assertEqual(len(self.workspace.run("protect", "list", "--json").json()), 1)
        self.expect(self.workspace.run("protect", "add"), USAGE, "--manifest")
        self.expect(self.workspace.run("protect", "add", self.plan), USAGE, "--label")

    def test_what_would_switch_a_document_off_is_not_learnt_by_the_way(self):
        outcome = self.workspace.run("protect", "background", "add", self.plan)
        self.expect(outcome, PARTLY, "most of document 1", "--protected-too")
        self.expect(self.inspect("a.txt", self.excerpt(60).encode()), FOUND)

    def test_blind_copies_and_mails_without_end_are_inspected(self):
        body = INNOCENT + self.excerpt(60)
        many = b", ".join(b"p%d@aldermoor.example" % i for i in range(10_050)) + b", b@gmail.com"
        mails = [self.outgoing("1.eml", b"undisclosed-recipients:;", body), self.outgoing("2.eml", b"", body),
                 self.outgoing("3.eml", b"a@aldermoor.example", body), self.outgoing("4.eml", many, body),
                 self.file("5.eml", self.outgoing("5.eml", b"b@gmail.com", body).read_bytes().replace(
                     b"From: a@", b"From: x@evil.example, a@"))]
        outcome = self.workspace.run("ingest", *mails, "--json").json()
        self.assertEqual((outcome["inspected"], outcome["with_documents"], outcome["not_all_read"]), (5, 5, 1))

    def test_a_document_in_many_pieces_counts_as_a_whole(self):
        words = PLAN.split()
        parts = [f"part{i} {INNOCENT} " + " ".join(words[i:i + 60]) for i in range(0, len(words), 60)]
        content = zipped(**{f"{i}.txt": part for i, part in enumerate(parts)})
        found = self.inspect("pieces.zip", content, "--json").json()[0]["found"][0]
        self.assertGreater(found["words"], 0.7 * found["document_words"])

    def test_a_file_without_text_is_known_as_an_attachment(self):
        picture = self.file("p.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
        self.workspace.run("protect", "add", picture, "--label", "secret")
        letter = (b"From: a@aldermoor.example\r\nTo: b@gmail.com\r\nDate: Mon, 05 Mar 2012 10:00:00 +0100\r\n"
                  b"MIME-Version: 1.0\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=x.png\r\n"
                  b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(picture.read_bytes()))
        self.expect(self.inspect("m.eml", letter), FOUND, "document 2")
        self.expect(self.workspace.run("ingest", self.file("m.eml", letter)), OK, "1 record has")

    def test_a_lost_index_is_no_clean_bill_and_is_made_again(self):
        shutil.rmtree(self.workspace.folder / "protect/index")
        excerpt = self.file("m.txt", self.excerpt(60).encode())
        self.expect(self.workspace.run("inspect", excerpt), DAMAGED, "weir protect rescan")
        self.expect(self.workspace.run("ingest", excerpt), DAMAGED, "weir protect rescan")
        self.expect(self.workspace.run("protect", "rescan"), OK, "1 new version")
        self.expect(self.workspace.run("inspect", excerpt), FOUND)
        shutil.rmtree(self.workspace.folder / "protect")  # the key too
        self.expect(self.workspace.run("inspect", excerpt), DAMAGED, "1 of the protected documents")
        self.expect(self.workspace.run("protect", "rescan"), OK, "1 new version")
        self.expect(self.workspace.run("inspect", excerpt), FOUND)
        self.assertEqual(len(self.workspace.run("protect", "list", "--json").json()), 1)

    def test_what_was_removed_stays_removed_and_labels_hold_for_all_versions(self):
        self.plan.write_bytes(("An annex. " + " ".join(reversed(PLAN.split()))).encode())
        self.add(label="internal")
        self.add(label="secret")
        listed = self.workspace.run("protect", "list", "--json").json()
        self.assertEqual([one["sensitivity"] for one in listed], ["secret", "secret"])
        self.workspace.run("protect", "remove", "2")
        self.expect(self.workspace.run("protect", "rescan"), OK, "0 new versions")
        self.assertEqual(len(self.workspace.run("protect", "list", "--json").json()), 1)

    def test_a_copy_under_a_lower_label_hides_nothing(self):
        copy = self.file("copy.txt", PLAN.encode())
        self.workspace.run("protect", "add", copy, "--label", "internal")
        found = self.inspect("x.bin", PLAN.encode(), "--json").json()[0]["found"][0]
        self.assertEqual(found["label"], "secret")

    def test_a_package_is_known_from_one_renamed_and_changed_file_of_it(self):
        film = b"\x00\x00\x00\x20ftypisom" + random.Random(1).randbytes(300_000)
        program = b"\x7fELF\x02\x01\x01" + random.Random(2).randbytes(200_000)
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as zip_file:
            zip_file.writestr("l1/lesson.mp4", film)
            zip_file.writestr("l2/lab.exe", program)
            zip_file.writestr("l1/index.html", f"<p>{PLAN[200:600]}</p>")
        course = self.file("course.zip", package.getvalue())
        self.expect(self.workspace.run("protect", "add", course, "--label", "secret"), PARTLY, "1 document added")
        changed = b"other header" + program[50_000:150_000] + b"other end"
        found = self.inspect("holiday.jpg", changed, "--json").json()[0]["found"]
        self.assertEqual([one["path"] for one in found], [str(course)])
        self.assertEqual(found[0]["kind"], "pieces")
        self.assertGreater(found[0]["words"], 15)
        outcome = self.inspect("holiday.jpg", changed)
        self.expect(outcome, FOUND, "pieces", "byte for byte", "holiday.jpg")
        noise = self.inspect("x.bin", random.Random(3).randbytes(100_000), "--json").json()[0]
        self.assertEqual(noise["found"], [])

    def test_forty_versions_are_one_document_and_as_secret_as_the_most_secret(self):
        folder = self.folder / "copies"
        folder.mkdir()
        for i in range(40):
            (folder / f"{i}.txt").write_text(f"{PLAN} revision {i}")
        outcome = self.workspace.run("protect", "add", folder, "--label", "internal")
        self.expect(outcome, OK, "40 documents added")
        passage = " ".join(PLAN.split()[100:140])
        found = self.inspect("x.txt", passage.encode(), "--json").json()[0]["found"]
        self.assertEqual(len(found), 2)
        self.assertEqual({one["sensitivity"] for one in found}, {"secret"})

    def test_what_everybody_may_say_is_told(self):
        text = self.file("public.txt", " ".join(reversed(PLAN.split())).encode())
        self.expect(self.workspace.run("protect", "background", "add", text), OK)
        outcome = self.workspace.run("protect", "add", text, "--label", "secret")
        self.expect(outcome, PARTLY, "is hardly recognised", "the background")

    def test_a_pipe_is_no_file(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        self.expect(self.workspace.run("protect", "add", pipe, "--label", "x"), PARTLY, "not a file")
        self.expect(self.workspace.run("inspect", pipe), PARTLY, "not a file")

    def test_a_digest_that_a_manifest_adds_is_kept_and_a_wrong_one_refused(self):
        manifest = self.file("m.csv", b"path,label,md5\nplan.txt,secret,00112233445566778899aabbccddeeff\n")
        self.expect(self.workspace.run("protect", "add", "--manifest", manifest), OK, "1 relabelled")
        wrong = self.file("w.csv", b"path,label,sha256\nplan.txt,secret," + b"0" * 64 + b"\n")
        self.expect(self.workspace.run("protect", "add", "--manifest", wrong), PARTLY, "not the one in the manifest")

    def test_an_unreadable_path_is_named_and_the_rest_goes_on(self):
        empty = self.file("empty.txt", b"")
        other = self.file("other.txt", (" ".join(reversed(PLAN.split()))).encode())
        outcome = self.workspace.run("protect", "add", empty, other, "--label", "secret")
        self.expect(outcome, PARTLY, "empty.txt", "1 document added")
        self.expect(self.workspace.run("protect", "add", "/nowhere/x", "--label", "s"), FAILED,
                    "/nowhere/x")


if __name__ == "__main__":
    main()
