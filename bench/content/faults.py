#!/usr/bin/env python3
"""What hostile, broken and odd files do to `weir inspect`: one table, by kind of fault.

usage: bench/content/faults.py [--data FOLDER] [--weir PROGRAM] [--hurt FILES]

Files made here, and all of FOLDER/documents-*.tar.zst (where that is), go through the real program with its sandbox.
It must answer for every file, within time and memory; what it did not read it must say. The exit status is 1 if the
program died, if it has no answer for a file, or if it calls one clean that cannot have been read.
"""
import argparse
import gzip
import io
import json
import pathlib
import random
import resource
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BATCH = 40


def zipped(*members, level=9):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as zip_file:
        for name, data in members:
            zip_file.writestr(name, data)
    return out.getvalue()


def nested_bomb(depth, width):
    data = zipped(("zeros", b"\0" * 50_000_000))
    for _ in range(depth):
        data = zipped(*((f"{i}.zip", data) for i in range(width)))
    return data


def overlapping(members):
    """Every entry of the directory names the same bytes (the idea of Fifield's zip bomb)."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = kernel.compress(b"\0" * 10_000_000) + kernel.flush()
    head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, zlib.crc32(b"\0" * 10_000_000), len(packed), 10_000_000, 1, 0)
    local = b"PK\3\4" + head + b"a" + packed
    central = (b"PK\1\2" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"a") * members
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, members, members, len(central), len(local), 0)
    return local + central + end


def many_parts(count, boundary="q"):
    parts = "".join(f"--{boundary}\r\nContent-Type: text/plain\r\n\r\npart {i}\r\n" for i in range(count))
    return (f"From: a@example.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary={boundary}\r\n\r\n"
            f"{parts}--{boundary}--\r\n").encode()


def nested_parts(depth):
    text = "From: a@example.com\r\nMIME-Version: 1.0\r\n"
    for i in range(depth):
        text += f"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n"
    return (text + "Content-Type: text/plain\r\n\r\nthe innermost\r\n").encode()


def docx(xml):
    return zipped(("[Content_Types].xml", "<Types/>"), ("word/document.xml", xml))


def entities():
    lines = ['<!DOCTYPE l [<!ENTITY e0 "lol">']
    lines += [f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12)]
    return "<?xml version='1.0'?>" + "".join(lines) + "]><w:document><w:p>&e11;</w:p></w:document>"


def pdf(*objects, xref=b"xref\n0 1\n0000000000 65535 f \n"):
    body = b"%PDF-1.5\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (i + 1, text) for i, text in enumerate(objects))
    return body + xref + b"trailer <</Root 1 0 R /Size 9>>\nstartxref\n%d\n%%%%EOF\n" % len(body)


def made():
    """(fault, must be said, {name: bytes})"""
    rng = random.Random(7)
    yield "zip bomb, nested", True, {"bomb.zip": nested_bomb(3, 12)}
    yield "zip bomb, overlapping members", True, {"overlap.zip": overlapping(2_000)}
    yield "1 GB in 1 MB", True, {"one.gz": gzip.compress(b"\0" * (1 << 30), 9), "one.zip": zipped(("z", b"\0" * (1 << 30)))}
    yield "bombs in bombs, 40 deep", True, {"deep.gz": deep_gzip(40), "deep.zip": deep_zip(40)}
    yield "50,000 members", True, {"many.zip": zipped(*((f"{i}.txt", b"x") for i in range(50_000)), level=1)}
    yield "XML entities", True, {"lol.docx": docx(entities()), "lol.xml": entities().encode()}
    yield "XML, a million levels", True, {"deep.docx": docx("<?xml version='1.0'?>" + "<a>" * 1_000_000)}
    yield "mail of 10,000 parts", False, {"parts.eml": many_parts(10_000)}
    yield "mail of a million parts", True, {"parts.eml": many_parts(1_000_000)}
    yield "mail, 5,000 levels of parts", True, {"levels.eml": nested_parts(5_000)}
    yield "boundaries with tricks", False, {f"{i}.eml": many_parts(3, boundary) for i, boundary in enumerate(
        ('"a b"', '"--"', "q'()+_,-./:=?", '""', "x" * 300))}
    yield "PDF that goes round in circles", True, {
        "pages.pdf": pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
        "length.pdf": pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Length 2 0 R>>stream\nx\nendstream"),
        "parent.pdf": pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                          b"<</Type/Page/Parent 2 0 R/Contents 3 0 R/Resources 3 0 R>>")}
    yield "PDF with a broken xref", True, {
        f"{i}.pdf": pdf(b"<</Type/Catalog/Pages 2 0 R>>", xref=xref) for i, xref in enumerate(
            (b"", b"xref\n0 999999999\n", b"xref\n0 1\n9999999999 65535 n \n", b"\xff" * 500))}
    yield "noise", True, {f"{i}.bin": rng.randbytes(200_000) for i in range(20)}
    yield "noise under a known beginning", True, {
        f"{i}.bin": magic + rng.randbytes(100_000) for i, magic in enumerate(
            (b"PK\3\4", b"%PDF-1.7\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b\x08\0", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x01\0",
             b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\0", b"BZh9", b"{\\rtf1 ", b"\x78\x9f\x3e\x22"))}


def deep_gzip(depth):
    data = b"the innermost"
    for _ in range(depth):
        data = gzip.compress(data, 1)
    return data


def deep_zip(depth):
    data = b"the innermost"
    for i in range(depth):
        data = zipped((f"{i}.zip", data))
    return data


def shared(data, folder):
    """The files of the data folder, if it is there."""
    for archive in sorted(data.glob("documents-*.tar.zst")):
        subprocess.run(["tar", "--zstd", "-xf", archive, "-C", folder], check=True)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def hurt(files, count, folder):
    """Of a few small files of each ending: cut at every sixteenth, and with bits flipped."""
    rng = random.Random(11)
    seen, cut, flipped, renamed = {}, [], [], []
    for path in files:
        size = path.stat().st_size
        if not 0 < size <= 300_000 or seen.get(path.suffix, 0) >= count:
            continue
        seen[path.suffix] = seen.get(path.suffix, 0) + 1
        data = path.read_bytes()
        for i in range(1, 16):
            cut.append(folder / f"{len(cut)}-cut{path.suffix}")
            cut[-1].write_bytes(data[:size * i // 16])
        for flips in range(1, 9):
            changed = bytearray(data)
            for _ in range(flips):
                changed[rng.randrange(size)] ^= 1 << rng.randrange(8)
            flipped.append(folder / f"{len(flipped)}-flipped{path.suffix}")
            flipped[-1].write_bytes(changed)
        renamed.append(folder / f"{len(renamed)}-renamed.jpg")
        renamed[-1].write_bytes(data)
    return cut, flipped, renamed


class Tally:
    def __init__(self, weir, workspace):
        self.weir, self.workspace, self.failed = weir, workspace, False

    def run(self, fault, must_be_said, files):
        whole = told = silent = died = missing = 0
        longest = 0.0
        for start in range(0, len(files), BATCH):
            batch = files[start:start + BATCH]
            done = subprocess.run([self.weir, "-w", self.workspace, "inspect", "--json", *batch], capture_output=True, text=True)
            if done.returncode not in (0, 3, 5, 6):
                died += 1
                print(f"exit {done.returncode} at {batch[0]} …: {done.stderr[-300:]}", file=sys.stderr)
            answers = json.loads(done.stdout) if done.stdout.strip() else []
            # An empty file is answered on standard error.
            missing += max(0, sum(path.stat().st_size > 0 for path in batch) - len(answers))
            for answer in answers:
                longest = max(longest, answer["microseconds"] / 1e6)
                if answer["not_read"]:
                    told += 1
                elif must_be_said:
                    silent += 1
                    print(f"clean, though not read: {answer['name']}", file=sys.stderr)
                else:
                    whole += 1
        self.failed = self.failed or died > 0 or silent > 0 or missing > 0
        print(f"| {fault} | {len(files):,} | {whole:,} | {told:,} | {silent} | {missing} | {died} | {longest:.1f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=ROOT / "../shared/data")
    parser.add_argument("--weir", type=pathlib.Path, default=ROOT / "build/release/weir")
    parser.add_argument("--hurt", type=int, default=2, help="files of each ending that are cut and flipped")
    options = parser.parse_args()
    weir = options.weir.resolve()
    if not weir.exists():
        sys.exit(f"faults: {weir} is not there; make build, or name it with --weir")
    with tempfile.TemporaryDirectory(prefix="weir-faults-") as name:
        folder = pathlib.Path(name)
        subprocess.run([weir, "init", folder / "w", "--simulated"], check=True, capture_output=True)
        tally = Tally(weir, folder / "w")
        print("| fault | files | read whole | not read, and said | not read, not said | no answer | died | longest (s) |")
        print("|---|---:|---:|---:|---:|---:|---:|---:|")
        for i, (fault, must_be_said, contents) in enumerate(made()):
            (folder / str(i)).mkdir()
            files = []
            for file, data in contents.items():
                files.append(folder / str(i) / file)
                files[-1].write_bytes(data)
            tally.run(fault, must_be_said, files)
        for part in ("real", "hurt"):
            (folder / part).mkdir()
        real = shared(options.data, folder / "real")
        if not real:
            print(f"faults: no documents-*.tar.zst in {options.data}: real documents are left out", file=sys.stderr)
        else:
            tally.run("real documents, odd and broken", False, real)
            cut, flipped, renamed = hurt(real, options.hurt, folder / "hurt")
            tally.run("cut at every sixteenth", False, cut)
            tally.run("bits flipped", False, flipped)
            tally.run("renamed to .jpg", False, renamed)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"\nMost memory of any one process: {peak:,.0f} MiB.")
        return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
