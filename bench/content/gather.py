#!/usr/bin/env python3
"""Collects English technical texts of this machine for `protect_recall`.

usage: gather.py OUT [--documents 4000]

Manual pages and /usr/share/doc are split by a hash of their source package, so that no manual is on
both sides: one part becomes OUT/protected, the rest OUT/benign (texts separated by NUL bytes). A text more than a tenth of which (runs of eight
words, one in eight of them) stands in texts taken before is left out: manuals come in families of
near twins, of which nobody could say which is meant. The same packages give the same files;
OUT/sources says how many there were.
"""
import argparse
import gzip
import hashlib
import html
import re
import subprocess
import zlib
from pathlib import Path

WORD = re.compile(r"[A-Za-z0-9]+")
LEAST_WORDS, MOST_WORDS = 250, 8000


def read(path):
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    return data[:2_000_000].decode("utf-8", "replace")


def from_troff(text):
    """The words of a manual page, near enough: macros and escapes go, paragraphs stay."""
    lines = []
    for line in text.split("\n"):
        if line.startswith(('.\\"', "'\\\"")):
            continue
        if line.startswith((".", "'")):
            name, _, rest = line[1:].strip().partition(" ")
            if name in ("SH", "SS", "PP", "TP", "Pp", "Sh", "Ss", "LP", "P"):
                lines.append("")
            if name in ("B", "I", "BR", "IR", "RB", "RI", "BI", "IB", "SH", "SS", "TP", "IP",
                        "Sh", "Ss", "Nm", "Ar", "Fl", "Nd", "Em", "Sy", "Pa", "Xr", "Dv", "It"):
                lines.append(rest.replace('"', ""))
            continue
        lines.append(line)
    text = "\n".join(lines)
    text = re.sub(r"\\f\(..|\\f\[[^\]]*\]|\\f.|\\s[-+]?\d+|\\[&/,|^%:cp~0]", "", text)
    text = re.sub(r"\\\((?:aq|cq|oq)", "'", re.sub(r"\\\((?:lq|rq)", '"', text))
    text = re.sub(r"\\\(..|\\\[[^\]]*\]|\\\*\(..|\\\*.", " ", text)
    return text.replace("\\-", "-").replace("\\e", "\\")


def from_html(text):
    text = re.sub(r"(?is)<(script|style|head).*?</\1>", " ", text)
    return html.unescape(re.sub(r"(?s)<[^>]*>", " ", text))


def sample_of(words):
    """One in eight of the runs of eight words, as numbers."""
    joined = (" ".join(words[i:i + 8]) for i in range(len(words) - 7))
    return {number for number in (zlib.crc32(run.encode()) for run in joined) if number % 8 == 0}


def source_packages():
    """Path of a file → the source package it comes from."""
    listing = subprocess.run(["dpkg-query", "-W", "-f", "${binary:Package} ${source:Package}\n"],
                             check=True, capture_output=True, text=True).stdout
    owners = {}
    for line in listing.splitlines():
        package, source = line.split()
        for name in (package, package.partition(":")[0]):
            path = Path(f"/var/lib/dpkg/info/{name}.list")
            if path.is_file():
                owners.update((file, source) for file in path.read_text().splitlines())
                break
    return owners


def texts():
    for section in range(1, 9):
        for path in sorted(Path(f"/usr/share/man/man{section}").glob("*")):
            if path.is_file() and not path.is_symlink():
                yield path, from_troff
    for path in sorted(Path("/usr/share/doc").rglob("*")):
        if path.is_file() and not path.is_symlink():
            name = path.name.removesuffix(".gz").lower()
            if name.endswith((".html", ".htm")):
                yield path, from_html
            elif name.endswith((".txt", ".md", ".rst", "readme", "faq")):
                yield path, str


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--documents", type=int, default=4000)
    options = parser.parse_args()
    owners = source_packages()
    found, seen = [], set()
    for path, convert in texts():
        try:
            text = convert(read(path))
        except (OSError, EOFError):
            continue
        words = WORD.findall(text)
        if len(words) < LEAST_WORDS:
            continue
        if len(words) > MOST_WORDS:
            ends = [m.end() for m in WORD.finditer(text)]
            text = text[:ends[MOST_WORDS - 1]]
        order = hashlib.sha256(str(path).encode()).digest()
        owner = hashlib.sha256(owners.get(str(path), str(path)).encode()).digest()
        found.append((order, text.replace("\0", " "), min(len(words), MOST_WORDS), owner[0] < 128))
    found.sort()
    several, found = found, []
    for entry in several:
        sample = sample_of(WORD.findall(entry[1].lower()))
        if len(sample & seen) * 10 <= len(sample):
            found.append(entry)
        seen |= sample
    options.out.mkdir(parents=True, exist_ok=True)
    report = ""
    for name, part in (("protected", [f for f in found if f[3]][:options.documents]),
                       ("benign", [f for f in found if not f[3]])):
        (options.out / name).write_text("\0".join(text for _, text, *_ in part), encoding="utf-8")
        report += f"{name}: {len(part)} texts, {sum(n for _, _, n, _ in part)} words\n"
    (options.out / "sources").write_text(report)
    print(report, end="")


if __name__ == "__main__":
    main()
