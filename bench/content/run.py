#!/usr/bin/env python3
"""How much of protected text Weir finds again, and its rivals on the same inputs: one command, one table.

usage: bench/content/run.py [--small] [--work FOLDER] [--data FOLDER] [--scale COPIES] [--rspamd PROBES]
       bench/content/run.py --files [--only TABLE] [--each FILES] [--ocr LANGUAGES] [--build FOLDER]

Installs the rivals from Debian if they are missing (as root), fetches texts, makes probes, runs every detector, prints
tables in Markdown (bench/content/README.md says what they mean). Everything is drawn from fixed seeds: the same
packages give the same recall to the digit, and recall.json in the work folder says whether the last run gave it too.
"""
import argparse
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import corpus
import files
from files import share
from probes import CLASSES, Maker
from rspamd import Rspamd

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/release"
PACKAGES = {"rspamd": "rspamd", "mutool": "mupdf-tools", "soffice": "libreoffice-writer-nogui", "7z": "p7zip-full",
            "qpdf": "qpdf", "convert": "imagemagick", "pdftotext": "poppler-utils", "/usr/share/wordnet/data.noun": "wordnet-base",
            "/usr/include/fuzzy.h": "libfuzzy-dev", "/usr/include/tlsh.h": "libtlsh-dev"}
LOCAL = ("winnowing", "ssdeep", "tlsh")
DETECTORS = {"weir": "Weir", "winnowing": "winnowing", "ssdeep": "ssdeep", "tlsh": "TLSH",
             "rspamd": "rspamd", "rspamd-tuned": "rspamd tuned"}
NOTHING = -1e8  # above what the detectors in C++ say of a text that is like no document


def install():
    missing = [package for probe, package in PACKAGES.items()
               if not (Path(probe).exists() if probe.startswith("/") else shutil.which(probe))]
    if missing:
        print(f"installing {' '.join(missing)}", flush=True)
        subprocess.run(["apt-get", "-q", "install", "-y", "--no-install-recommends", *missing], check=True,
                       stdout=subprocess.DEVNULL, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def build(*targets):
    subprocess.run(["cmake", "--preset", "release"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", BUILD, "--quiet", "weir", "weir-extract", *targets], check=True)


def make_probes(work, protected, background, mails, number):
    """Writes work/texts; gives the excerpts as they were and the documents they are from, by class."""
    shutil.rmtree(work / "texts", ignore_errors=True)
    (work / "texts").mkdir()
    corpus.write(work / "texts/mails", [mail.raw for _, mail in mails])
    maker, truth = Maker(protected, background, mails), {}
    for at, name in enumerate(CLASSES):
        probes = [maker.probe(name, i) for i in range(number)]
        corpus.write(work / f"texts/{at:02}", [text for text, _, _ in probes])
        truth[at] = [(original, document) for _, original, document in probes]
    print(f"{number} probes a class; {maker.redrawn} excerpts drawn again for {corpus.OVERLAP_WORDS} words in a row "
          "that stand in the background too", flush=True)
    return truth


def run_rspamd(work, name, protected, probes):
    """Slower than the others by far: asked about the first `probes` of each class."""
    out = work / "scores" / name
    out.mkdir(parents=True)
    with Rspamd(work / name, tuned=name != "rspamd") as rspamd:
        taken = rspamd.add([text.raw for text in protected])
        print(f"{DETECTORS[name]}: {taken} of {len(protected)} documents taken")
        for path in sorted((work / "texts").iterdir()):
            texts = path.read_text().split("\0")
            if path.name != "mails":
                texts = texts[:probes]
            (out / path.name).write_text("".join(f"{score:.2f} -1\n" for score in rspamd.scores(texts)))


def run_local(work, name, *copies):
    done = subprocess.run([BUILD / "bench/content_scores", name, work, *map(str, copies)],
                          stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def scores(work, detector, name):
    lines = (work / "scores" / detector / name).read_text().splitlines()
    return [(float(strength), int(document)) for strength, document in map(str.split, lines)]


def is_right(document, original, truth, protected):
    """The document the excerpt is from, or one that has most of it as well."""
    if document == truth:
        return True
    runs = corpus.Runs(5)
    runs.add(protected[document].words())
    return runs.share(original) >= 0.8


def recall_table(work, protected, mails, truth):
    """Prints the table; gives all its figures by class and detector."""
    present = [name for name in DETECTORS if (work / "scores" / name).is_dir()]
    halves = [half for half, _ in mails]
    limits = {}
    print("\n| detector | threshold: strongest innocent mail of the tuning half | false finds in the other "
          f"({halves.count(1)} mails) | strongest of all |\n|---|---|---|---|")
    shipped = scores(work, "weir", "mails")
    false = [sum(score > NOTHING for (score, _), half in zip(shipped, halves) if half == side) for side in (0, 1)]
    for name in present:
        strengths = [strength for strength, _ in scores(work, name, "mails")]
        tuned = max([NOTHING] + [s for s, half in zip(strengths, halves) if half == 0])
        others = [s for s, half in zip(strengths, halves) if half == 1]
        limits[name] = (tuned, max([tuned] + others))
        shown = ["none" if limit == NOTHING else f"{limit:.2f}" for limit in limits[name]]
        print(f"| {DETECTORS[name]} | {shown[0]} | {sum(s > tuned for s in others)} | {shown[1]} |")
    finds = sorted(((score, half, mail.name, protected[document].name)
                    for (score, document), (half, mail) in zip(shipped, mails) if score > NOTHING), reverse=True)
    (work / "false.tsv").write_text("".join("\t".join(map(str, find)) + "\n" for find in finds))
    print(f"\nWeir as shipped: {false[0]} false finds in the tuning half, {false[1]} in the other "
          f"({work / 'false.tsv'}).\n")

    print("| class | " + " | ".join(
        ["Weir as shipped", "Weir, tuned", "Weir, no false find at all", "right document"]
        + [DETECTORS[name] for name in present[1:]] + ["§1 best", "must", "aim", ""])
        + " |\n|" + "---|" * (len(present) + 8))
    table = {}
    for at, (name, (_, _, _, must, aim, best)) in enumerate(CLASSES.items()):
        answers = {detector: scores(work, detector, f"{at:02}") for detector in present}
        number = len(truth[at])
        row = {"shipped": sum(score > NOTHING for score, _ in answers["weir"])}
        for detector in present:
            row[detector] = sum(score > limits[detector][0] for score, _ in answers[detector]), len(answers[detector])
        row["none"] = sum(score > limits["weir"][1] for score, _ in answers["weir"])
        row["right"] = sum(score > NOTHING and is_right(document, *truth[at][i], protected)
                           for i, (score, document) in enumerate(answers["weir"]))
        reached = row["weir"][0] / number
        words = []
        if must is not None and reached < must:
            words.append("below must")
        if best is not None and reached < best:
            words.append("below §1")
        if row["right"] < 0.99 * row["shipped"]:
            words.append("wrong document")
        figures = [share(row["shipped"], number), share(*row["weir"]), share(row["none"], number),
                   share(row["right"], row["shipped"])] + [share(*row[d]) for d in present[1:]]
        wanted = ["" if value is None else f"{value:g}" for value in (best, must, aim)]
        print("| " + " | ".join([name, *figures, *wanted, "; ".join(words)]) + " |")
        table[name] = row
    return table


def speed(results):
    print("\n| speed and size | documents | words | query MB/s | index B/word | building s |\n"
          "|---|---|---|---|---|---|")
    for name, one in results.items():
        print(f"| {name} | {one['documents']} | {one['words']} | {one['mb_per_second']} "
              f"| {one['bytes_per_word'] or '–'} | {one['build_seconds']} |")
    print("\nMust: Weir's query ≥ 100 MB/s, index ≤ 6 B a word; aim 250 and 4. "
          "CPU time of one thread, from text to finds.")


def compare(last, table):
    """Says whether the run before gave the same figures; keeps these."""
    record = json.dumps(table, sort_keys=True)
    if last.is_file():
        print("\nAgainst the run before: " + ("equal to the digit." if last.read_text() == record else "not equal."))
    last.write_text(record)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="a tenth of everything: some minutes")
    parser.add_argument("--work", type=Path, default=ROOT / "build/content")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("WEIR_SHARED_DATA", ROOT / "../shared/data")))
    parser.add_argument("--scale", type=int, default=25, help="times the documents of the scale run; 0: none")
    parser.add_argument("--rspamd", type=int, default=250, help="probes of each class that rspamd is asked about")
    parser.add_argument("--files", action="store_true", help="only the tables that go through `weir inspect`")
    parser.add_argument("--only", choices=files.TABLES, help="with --files: only one of its tables")
    parser.add_argument("--each", type=int, help="files of each row of evasions (default: 10; of a small run 2)")
    parser.add_argument("--ocr", metavar="LANGUAGES", help="honest files once more, with pictures read: eng+deu")
    parser.add_argument("--build", type=Path,
                        help="with --files: a folder with weir and weir-extract as they are, instead of building them")
    options = parser.parse_args()
    if (options.only or options.build) and not options.files:
        parser.error("--only and --build go with --files")
    if options.each is not None and options.each < 1:
        parser.error("--each: at least 1")
    sys.stdout.reconfigure(line_buffering=True)
    install()
    if not options.build:
        build(*([] if options.files else ["content_scores"]))
    work = options.work.resolve() / ("small" if options.small else "full")
    work.mkdir(parents=True, exist_ok=True)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")

    documents, mails, probes = (400, 1000, 100) if options.small else (4000, 10_000, 1000)
    protected, background, kept = corpus.make(options.work.resolve() / "packages", work, documents, mails)
    inspected = files.Tables((options.build or BUILD).resolve() / "weir", work, options.data, protected, background,
                             small=options.small, each=options.each or (2 if options.small else 10), ocr=options.ocr)
    if options.files:
        for line in inspected.lines(options.only):
            print(line)
        compare(work / f"files-{options.only or 'all'}.json", inspected.figures)
        return
    truth = make_probes(work, protected, background, kept, probes)
    shutil.rmtree(work / "scores", ignore_errors=True)
    speeds = {"Weir": run_local(work, "weir")}  # alone, for it is timed
    if options.scale and not options.small:
        speeds["Weir, scale run"] = run_local(work, "weir", options.scale)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        of_files = pool.submit(lambda: "\n".join(inspected.lines()))
        asked = [pool.submit(run_rspamd, work, name, protected, options.rspamd) for name in ("rspamd", "rspamd-tuned")]
        for name in LOCAL:
            speeds[DETECTORS[name]] = run_local(work, name)
        for one in asked:
            one.result()
        table = recall_table(work, protected, kept, truth)
        speed(speeds)
        print(of_files.result())
        table.update(inspected.figures)
    compare(work / "recall.json", table)


if __name__ == "__main__":
    main()
