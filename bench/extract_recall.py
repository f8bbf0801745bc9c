#!/usr/bin/env python3
"""How much of the text that documents are known to hold weir-extract finds, by format.

usage: bench/extract_recall.py [--program build/release/weir-extract] [--data FOLDER] [--misses N]

FOLDER holds documents-docling.tar.zst (default: $WEIR_SHARED_DATA, else ../shared/data). The truth is the
Markdown that lies beside the documents there, without its marks: what a reader sees, tables and lists
included. Two measures, means over documents: words (a multiset, so order does not matter) and runs of five
words (which the fingerprints of documents need). Words that are not in the truth are "more": not counted against
anybody, for hidden text and headers are meant to be found. PDF also by pdftotext and mutool, office documents and
web pages also by LibreOffice (as text, sheets as CSV, slides by way of PDF), where these are installed.
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


def more(truth, found):
    """Of the words found, the share that is not in the truth."""
    return sum((collections.Counter(found) - collections.Counter(truth)).values()) / len(found) if found else None


def recall(truth, found, length):
    def runs(tokens):
        return collections.Counter(tuple(tokens[i:i + length]) for i in range(len(tokens) - length + 1))
    wanted, got = runs(truth), runs(found)
    total = sum(wanted.values())
    return sum(min(n, got[run]) for run, n in wanted.items()) / total if total else None


def output(command):
    return subprocess.run(command, capture_output=True, timeout=300).stdout.decode("utf-8", "replace")


CSV_OF_ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
BY_LIBREOFFICE = {"docx": "txt:Text (encoded):UTF8", "doc": "txt:Text (encoded):UTF8", "odt": "txt:Text (encoded):UTF8",
                  "html": "txt:Text (encoded):UTF8", "xlsx": CSV_OF_ALL_SHEETS, "xls": CSV_OF_ALL_SHEETS,
                  "ods": CSV_OF_ALL_SHEETS, "csv": CSV_OF_ALL_SHEETS, "pptx": "pdf", "ppt": "pdf", "odp": "pdf"}


def by_libreoffice(sources, scratch):
    """Source → its text, for the formats LibreOffice has; all of one ending in one go, for it is slow to start."""
    texts = {}
    for ending, target in BY_LIBREOFFICE.items():
        mine = [source for source in sources if source.suffix == f".{ending}"]
        if not mine:
            continue
        out = scratch / f"libreoffice-{ending}"
        subprocess.run(["soffice", f"-env:UserInstallation=file://{scratch}/office", "--headless",
                        "--convert-to", target, "--outdir", out, *mine], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=900)
        for source in mine:
            made = sorted(out.glob(f"{source.stem}[.-]*"))  # one file a sheet: NAME-SHEET.csv
            texts[source] = "\n".join(output(["pdftotext", "-q", str(one), "-"]) if target == "pdf"
                                      else one.read_text(encoding="utf-8", errors="replace") for one in made)
    return texts


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
        documents = list(pairs(Path(scratch) / "docling"))
        office = {}
        if shutil.which("soffice"):
            office = by_libreoffice([source for _, source, _ in documents], Path(scratch))
        for form, source, truth in documents:
            wanted = words(truth.read_text(encoding="utf-8"), markdown=True)
            if len(wanted) < 5:
                continue
            texts = {"weir-extract": output([arguments.program, str(source)])}
            if form == "pdf" and shutil.which("pdftotext"):
                texts["pdftotext"] = output(["pdftotext", "-q", str(source), "-"])
            if form == "pdf" and shutil.which("mutool"):
                texts["mutool"] = output(["mutool", "draw", "-q", "-F", "txt", str(source)])
            if source in office:
                texts["LibreOffice"] = office[source]
            for tool, text in texts.items():
                found = words(text)
                row = (recall(wanted, found, 1), recall(wanted, found, 5), more(wanted, found))
                rows[form, tool].append(row)
                worst.append((row[0], tool, source.name))
    print(f"{os.cpu_count()} cores\n\n| format | by | documents | words | runs of 5 words | more |\n"
          "|---|---|---|---|---|---|")
    for (form, tool), results in rows.items():
        print(f"| {form} | {tool} | {len(results)} | {mean(r[0] for r in results):.3f} "
              f"| {mean(r[1] for r in results):.3f} | {mean(r[2] for r in results):.3f} |")
    for score, tool, name in sorted(worst)[:arguments.misses]:
        print(f"{score:.3f} {tool} {name}", file=sys.stderr)


if __name__ == "__main__":
    main()
