#!/usr/bin/env python3
"""How much of the text that documents are known to hold weir-extract finds, by format.

usage: bench/extract_recall.py [--program build/release/weir-extract] [--data FOLDER] [--misses N]

FOLDER holds documents-docling.tar.zst (default: $WEIR_SHARED_DATA, else ../shared/data). The truth is the
Markdown that lies beside the documents there, without its marks: what a reader sees, tables and lists
included. Two measures, means over documents: words (a multiset, so order does not matter) and runs of five
words (which the fingerprints of documents need). PDF also by pdftotext, where it is installed. The rest of
a file than its truth is not counted against anybody: hidden text and headers are meant to be found.
"""
import argparse
import collections
import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Formats whose ground truth is what their files say, not what a model read off their pictures.
FORMATS = ("docx", "pptx", "xlsx", "odf", "html", "epub", "pdf", "doc", "xls", "ppt", "md",
           "csv")


def words(text, markdown=False):
    if markdown:
        text = re.sub(r"<!--.*?-->", " ", text, flags=re.S)
        text = re.sub(r"!\\?\[[^\]]*\]\([^)]*\)", " ", text)
        text = re.sub(r"\]\([^)]*\)", " ", text)
        text = re.sub(r"\$+[^$\n]*\$+", " ", text)  # formulas are rewritten in LaTeX
        text = html.unescape(text).replace("\\_", "_").replace("_", " ")
        # Numbers of lists and headings are the converter's, not the file's.
        text = re.sub(r"^\s*(#+\s*)?(\d+\.)+\s", " ", text, flags=re.M)
    return re.findall(r"\w+", text.replace("_", " ").lower())


def recall(truth, found, length):
    def runs(tokens):
        return collections.Counter(tuple(tokens[i:i + length]) for i in range(len(tokens) - length + 1))
    wanted, got = runs(truth), runs(found)
    total = sum(wanted.values())
    return sum(min(n, got[run]) for run, n in wanted.items()) / total if total else None


def output(command):
    return subprocess.run(command, capture_output=True, timeout=300).stdout.decode("utf-8", "replace")


def pairs(folder):
    for form in FORMATS:
        for source in sorted((folder / form / "sources").glob("*.*")):
            truth = folder / form / "groundtruth" / ((source.stem if form == "pdf" else source.name) + ".md")
            if truth.is_file():
                yield form, source, truth


def mean(values):
    values = [value for value in values if value is not None]
    return sum(values) / len(values) if values else float("nan")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=str(ROOT / "build/release/weir-extract"))
    parser.add_argument("--data", default=os.environ.get("WEIR_SHARED_DATA", str(ROOT / "../shared/data")))
    parser.add_argument("--misses", type=int, default=0, help="name the N worst documents")
    arguments = parser.parse_args()
    archive = Path(arguments.data) / "documents-docling.tar.zst"
    if not archive.is_file():
        sys.exit(f"no {archive}: nothing measured. Set WEIR_SHARED_DATA to the folder that holds it.")

    rows, worst = collections.defaultdict(list), []
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["tar", "--zstd", "-xf", archive, "-C", scratch], check=True)
        for form, source, truth in pairs(Path(scratch) / "docling"):
            wanted = words(truth.read_text(encoding="utf-8"), markdown=True)
            if len(wanted) < 5:
                continue
            tools = {"weir-extract": [arguments.program, str(source)]}
            if form == "pdf" and shutil.which("pdftotext"):
                tools["pdftotext"] = ["pdftotext", "-q", str(source), "-"]
            for tool, command in tools.items():
                found = words(output(command))
                row = (recall(wanted, found, 1), recall(wanted, found, 5))
                rows[form, tool].append(row)
                worst.append((row[0], tool, source.name))
    print("| format | by | documents | words | runs of 5 words |\n|---|---|---|---|---|")
    for (form, tool), results in rows.items():
        print(f"| {form} | {tool} | {len(results)} | {mean(r[0] for r in results):.3f} "
              f"| {mean(r[1] for r in results):.3f} |")
    for score, tool, name in sorted(worst)[:arguments.misses]:
        print(f"{score:.3f} {tool} {name}", file=sys.stderr)


if __name__ == "__main__":
    main()
