"""What comes in broken, and machines that fail: named, counted, kept aside, and nothing else lost."""
import ctypes
import gzip
import json
import os
import signal
import subprocess
import time
import unittest

from harness import (BINARY, FAILED, OK, PARTLY, STOPPED, USAGE, Outcome, WeirTest, Workspace, World,
                     environment, is_reading_input, main, wait_until, weir)

CERT_LOGON = b"id,date,user,pc,activity\r\n"
UNREADABLE = (FAILED, PARTLY)  # nothing of the one input could be used: failed or partly done


def give_up_reading_all():
    """Between fork and exec: without the capabilities that let root open what its mode forbids."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH (capabilities(7))
        if libc.prctl(24, capability, 0, 0, 0):  # PR_CAPBSET_DROP
            raise OSError(ctypes.get_errno(), "prctl")


class BadInput(WeirTest):
    @classmethod
    def setUpClass(cls):
        cls.world = World.of("ordinary", people=20, years=1)
        cls.lines = cls.world.lines(1000)
        cls.template = Workspace.make(cls.world.folder / "template", cls.world)

    def setUp(self):
        super().setUp()
        self.workspace = self.template.copy(self.folder / "w")

    def ingest(self, *arguments, **options):
        return self.workspace.run("ingest", *arguments, **options)

    def ingest_lines(self, lines, *arguments):
        path = self.file("in.jsonl", b"".join(line + b"\n" for line in lines))
        return self.ingest("--format", "ocsf", path, *arguments)

    def with_bad(self, bad):
        """A thousand good lines with a bad one in the middle."""
        return self.lines[:500] + [bad] + self.lines[500:]

    def expect_one_bad_line(self, bad, reason):
        """Line 501 is counted, named with file, line and reason, kept aside; the others are stored."""
        outcome = self.ingest_lines(self.with_bad(bad))
        self.expect(outcome, PARTLY, "in.jsonl", "501", reason)
        self.assertEqual(self.workspace.count(), 1000)
        kept = [path for path in (self.workspace.folder / "aside").rglob("*") if path.is_file()]
        self.assertTrue(kept, "nothing was kept aside")

    # --- what is named wrongly

    def test_an_unknown_format_is_refused_with_the_way_out(self):
        path = self.file("in.jsonl", self.lines[0])
        self.expect_one_of(self.ingest("--format", "ocfs", path), (USAGE, FAILED), "ocfs", "weir formats")

    def test_the_wrong_format_reads_nothing_and_says_so(self):
        path = self.file("in.jsonl", b"\n".join(self.lines) + b"\n")
        self.expect_one_of(self.ingest("--format", "cert", path), UNREADABLE, "in.jsonl")
        self.assertEqual(self.workspace.count(), 0)

    def test_a_file_that_is_not_there_is_named(self):
        self.expect_one_of(self.ingest(self.folder / "absent.jsonl"), UNREADABLE, "absent.jsonl")

    def test_a_workspace_that_is_not_there_is_named_with_the_way_out(self):
        outcome = Outcome(weir("-w", self.folder / "nowhere", "cases"))
        self.expect(outcome, FAILED, "nowhere", "weir init")

    def test_an_unknown_option_is_a_usage_error(self):
        self.expect(self.workspace.run("cases", "--jsno"), USAGE, "--jsno")

    def test_an_unknown_option_is_named_even_without_a_command(self):
        self.expect(Outcome(weir("--hepl")), USAGE, "--hepl", "did you mean --help")
        self.expect(Outcome(weir("ingest", "--form-start", "x")), USAGE, "did you mean --from-start")

    def test_a_case_number_that_is_none_is_a_usage_error(self):
        for number in ("-1", "0", "x", "99999999999999999999"):
            self.expect(self.workspace.run("case", number), USAGE, number, "weir cases")

    def test_a_time_zone_that_is_none_is_found_before_anything_is_made(self):
        folder = self.folder / "mars"
        self.expect(Outcome(weir("init", folder, "--timezone", "Mars/Olympus")), USAGE, "Mars/Olympus")
        self.assertFalse(folder.exists())

    def test_names_of_files_do_not_steer_the_terminal(self):
        bad = self.file("\x1b]0;x\x07\nred.jsonl", b"no json\n")
        noise = self.file("\x1b[31m.bin", bytes(range(256)) * 400)
        outcome = self.ingest("--format", "ocsf", bad)
        outcome.err += self.ingest(noise).err
        self.assertIn("\\x1b", outcome.err)
        self.assertNotIn("\x1b", outcome.out + outcome.err)

    # --- what is no log at all

    def test_an_empty_file_is_named(self):
        outcome = self.ingest("--format", "ocsf", self.file("empty.jsonl", b""))
        self.expect_one_of(outcome, UNREADABLE, "empty.jsonl", "nothing to read")
        self.assertEqual(self.workspace.count(), 0)

    def test_random_bytes_are_recognised_as_nothing(self):
        noise = bytes((i * 197 + (i >> 3) * 31) & 0xff for i in range(200_000))
        self.expect_one_of(self.ingest(self.file("noise.bin", noise)), UNREADABLE, "noise.bin")
        self.assertEqual(self.workspace.count(), 0)

    def test_one_bad_file_does_not_stop_the_others(self):
        good = self.file("good.jsonl", b"\n".join(self.lines) + b"\n")
        bad = self.file("bad.bin", bytes(range(256)) * 400)
        self.expect(self.ingest(bad, good), PARTLY, "bad.bin")
        self.assertEqual(self.workspace.count(), 1000)

    def test_of_a_truncated_gz_all_before_the_end_is_stored(self):
        whole = gzip.compress(b"\n".join(self.lines) + b"\n")
        path = self.file("cut.jsonl.gz", whole[:len(whole) * 2 // 3])
        self.expect(self.ingest("--format", "ocsf", path), PARTLY, "cut.jsonl.gz")
        self.assertGreater(self.workspace.count(), 300)
        self.assertLess(self.workspace.count(), 1000)

    def test_a_damaged_gz_is_named(self):
        whole = bytearray(gzip.compress(b"\n".join(self.lines) + b"\n"))
        whole[len(whole) // 2] ^= 0xff
        path = self.file("hurt.jsonl.gz", bytes(whole))
        self.expect(self.ingest("--format", "ocsf", path), PARTLY, "hurt.jsonl.gz")

    def test_a_truncated_zst_is_named(self):
        plain = self.file("cut.jsonl", b"\n".join(self.lines) + b"\n")
        subprocess.run(["zstd", "-q", plain], check=True)
        packed = plain.with_suffix(".jsonl.zst").read_bytes()
        path = self.file("cut2.jsonl.zst", packed[:len(packed) * 2 // 3])
        self.expect_one_of(self.ingest("--format", "ocsf", path), UNREADABLE, "cut2.jsonl.zst")

    # --- what single lines can be

    def test_a_line_that_is_no_json(self):
        self.expect_one_bad_line(b"Nov 22 00:00:01 host sshd[1]: no json here", "json")

    def test_invalid_utf8(self):
        self.expect_one_bad_line(self.lines[500][:-1] + b',"unmapped":{"x":"\xff\xfe"}}', "utf")

    def test_a_nul_byte(self):
        self.expect_one_bad_line(self.lines[500][:40] + b"\0" + self.lines[500][40:], "nul")

    def test_a_line_cut_in_the_middle(self):
        self.expect_one_bad_line(self.lines[500][:len(self.lines[500]) // 2], "json")

    def timed(self, milliseconds):
        record = json.loads(self.lines[500])
        record["time"] = milliseconds
        for key in [key for key in record if key.endswith("time_dt")]:
            del record[key]
        return json.dumps(record, separators=(",", ":")).encode()

    def test_a_time_before_1970(self):
        self.expect_one_bad_line(self.timed(-86_400_000), "time")

    def test_a_time_after_2100(self):
        self.expect_one_bad_line(self.timed(4_133_980_800_000), "time")

    def test_a_future_time_is_kept_as_of_its_arrival(self):
        future = self.timed(int(time.time() * 1000) + 400 * 86_400_000)
        self.expect(self.ingest_lines(self.lines[:500] + [future]), OK, "claims a time after arrival")
        self.assertEqual(self.workspace.count(), 501)
        marked = self.workspace.query("SELECT count(*) AS n FROM records WHERE future_dated "
                                      "AND claimed_time > time AND time <= logged_time")
        self.assertEqual(int(marked[0]["n"]), 1)

    def test_unbalanced_quotes_in_csv(self):
        rows = b"".join(b"{X%03d},01/02/2010 %02d:%02d:00,AAA%04d,PC-1,Logon\r\n"
                        % (i, i // 60 + 6, i % 60, i) for i in range(100))
        path = self.file("logon.csv", CERT_LOGON + rows + b'{Y},01/03/2010 07:00:00,"AAA0001,PC-1,Logon\r\n')
        self.expect(self.ingest("--format", "cert", path), PARTLY, "logon.csv", "quote")
        self.assertEqual(self.workspace.count(), 100)

    def test_a_huge_line_costs_no_memory_and_no_neighbour(self):
        megabytes = int(os.environ.get("WEIR_LONG_LINE_MB", "64"))
        process = subprocess.Popen(
            [BINARY, "-w", self.workspace.folder, "ingest", "--format", "ocsf", "-"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment())
        process.stdin.write(b"".join(line + b"\n" for line in self.lines[:500]) + b'{"x":"')
        block = b"x" * (1 << 20)
        for _ in range(megabytes):
            process.stdin.write(block)
        process.stdin.write(b'"}\n' + b"".join(line + b"\n" for line in self.lines[500:]))
        process.stdin.close()
        text = process.stdout.read().decode()
        process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, PARTLY, text)
        self.assertIn("501", text)
        self.assertLess(usage.ru_maxrss, 1_500_000, "KiB of memory")
        self.assertEqual(self.workspace.count(), 1000)

    # --- what the machine does

    def test_the_same_command_twice_stores_nothing_new(self):
        self.expect(self.ingest_lines(self.lines), OK)
        before = self.workspace.contents()
        self.expect(self.ingest_lines(self.lines), OK)
        self.assertEqual(self.workspace.contents(), before)

    def test_the_same_records_under_another_name_store_nothing_new(self):
        self.ingest_lines(self.lines)
        path = self.file("again.jsonl", b"\n".join(self.lines) + b"\n")
        self.expect(self.ingest("--format", "ocsf", path), OK)
        self.assertEqual(self.workspace.count(), 1000)

    def test_standard_input_and_gz_store_what_the_file_stores(self):
        content = b"\n".join(self.lines) + b"\n"
        self.ingest_lines(self.lines)
        before = self.workspace.contents()
        other = self.template.copy(self.folder / "other")
        self.expect(other.run("ingest", "--format", "ocsf", "-", stdin=content), OK)
        self.assertEqual(other.contents(), before)
        packed = self.template.copy(self.folder / "packed")
        self.expect(packed.run("ingest", self.file("in.gz", gzip.compress(content))), OK)
        self.assertEqual(packed.contents(), before)

    def test_an_empty_workspace_answers_everything(self):
        self.assertEqual(self.workspace.cases(), [])
        self.assertEqual(self.workspace.count(), 0)
        for command in (["analyze"], ["cases"], ["roster", "resolve"], ["lake", "verify"],
                        ["audit", "verify"], ["formats"], ["formats", "--json"], ["config", "check"],
                        ["config", "explain"]):
            self.workspace.must(*command)
        self.expect(self.workspace.run("case", 1), FAILED, "1")
        self.expect(self.workspace.run("report", 1), FAILED, "1")

    def test_making_a_workspace_where_one_is_changes_nothing(self):
        before = (self.workspace.folder / "weir.yaml").read_bytes()
        self.expect(Outcome(weir("init", self.workspace.folder, "--simulated")), FAILED, "already")
        self.assertEqual((self.workspace.folder / "weir.yaml").read_bytes(), before)

    def test_a_broken_weir_yaml_is_named_with_its_line(self):
        settings = self.workspace.folder / "weir.yaml"
        settings.write_bytes(settings.read_bytes() + b"\nscope: [\n")
        outcome = self.workspace.run("config", "check")
        self.expect_one_of(outcome, (FAILED, USAGE), "weir.yaml")
        self.assertRegex(outcome.out + outcome.err, r"weir\.yaml:\d+|line \d+")

    def test_a_roster_with_a_protected_column_is_refused_by_name(self):
        header, rest = self.world.roster.read_bytes().split(b"\n", 1)
        path = self.file("roster.csv", header.rstrip(b"\r") + b",religion\n" + rest)
        self.expect_one_of(self.workspace.run("roster", "import", path), (FAILED, USAGE), "religion")

    def test_a_file_without_permission_is_named_and_the_others_go_on(self):
        closed = self.file("closed.jsonl", b"\n".join(self.lines[:10]) + b"\n")
        good = self.file("good.jsonl", b"\n".join(self.lines) + b"\n")
        closed.chmod(0)
        options = {}
        if os.geteuid() == 0:  # root may read all, unless it gives up the right to
            options = {"preexec_fn": give_up_reading_all}
        self.expect(self.ingest(closed, good, **options), PARTLY, "closed.jsonl", "permission")
        self.assertEqual(self.workspace.count(), 1000)

    def test_ctrl_c_stops_at_once_and_loses_nothing(self):
        process = subprocess.Popen(
            [BINARY, "-w", self.workspace.folder, "ingest", "--format", "ocsf", "-"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment())
        process.stdin.write(b"".join(line + b"\n" for line in self.lines[:500]))
        process.stdin.flush()
        # Ready once it holds the writer's lock; it then waits for more on standard input.
        wait_until(lambda: is_reading_input(process.pid))
        process.send_signal(signal.SIGINT)
        text = process.communicate(timeout=60)[0].decode()
        self.assertEqual(process.returncode, STOPPED, text)
        self.expect(self.ingest_lines(self.lines), OK)
        self.assertEqual(self.workspace.count(), 1000)

    def test_a_full_disk_is_said_and_lasts_no_longer_than_the_disk_is_full(self):
        if os.geteuid() != 0:
            self.skipTest("mounting a small file system needs root")
        small = self.folder / "small"
        small.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", small],
                          capture_output=True, check=False).returncode:
            self.skipTest("no file system can be mounted here")
        try:
            workspace = self.template.copy(small / "w")
            outcome = workspace.run("ingest", *self.world.records)
            self.expect(outcome, FAILED, "space")
            subprocess.run(["mount", "-o", "remount,size=400m", small], check=True)
            workspace.must("ingest", *self.world.records)
            reference = self.template.copy(self.folder / "reference")
            reference.must("ingest", *self.world.records)
            self.assertEqual(workspace.contents(), reference.contents())
            workspace.must("lake", "verify")
        finally:
            subprocess.run(["umount", "-l", small], check=False)


if __name__ == "__main__":
    main()
