"""What the real `weir inspect` says of files: other formats, evasions, lessons of a course, honest mail."""
import collections
import html
import json
import random
import shutil
import subprocess
from pathlib import Path

from evasions import ROWS
from made import archive, mail, run

FORMATS = {"docx": "docx:MS Word 2007 XML", "odt": "odt:writer8", "pdf": "pdf:writer_pdf_Export",
           "html": "html:HTML (StarWriter)"}
LESSONS = 5  # of a course
AT_ONCE = 200
ARCHIVES = (("mail-ham.tar.zst", "mails"), ("mailbox-skilling-j.tar.zst", "mails"),
            ("documents-docling.tar.zst", "documents"))
# Of the docling collection, what people attach; the rest is pictures, sound and data of its tools.
ATTACHED = (".docx", ".pptx", ".xlsx", ".odt", ".ods", ".odp", ".html", ".epub", ".csv", ".doc", ".xls", ".ppt", ".pdf",
            ".eml", ".msg")


class Weir:
    def __init__(self, program, workspace):
        shutil.rmtree(workspace, ignore_errors=True)
        self.command = [str(program), "-w", str(workspace)]
        run(program, "init", workspace, "--evaluation")

    def call(self, *arguments, good=(0, 3)):
        done = subprocess.run([*self.command, *map(str, arguments)], capture_output=True)
        if done.returncode not in good:
            raise RuntimeError(f"weir {arguments[0]}: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def inspect(self, paths, *options):
        paths = list(paths)
        for first in range(0, len(paths), AT_ONCE):
            yield from json.loads(self.call("inspect", "--json", *options, *paths[first:first + AT_ONCE],
                                            good=(0, 3, 5, 6)))


def share(hits, of):
    return f"{hits / of:.4f}" if of else "–"


def verdict(found, unread):
    return "found" if found else "not read" if unread else "clean"


def lesson(number, text):
    return f"<html><body><h1>Lesson {number}</h1>" + "".join(
        f"<p>{html.escape(p)}</p>" for p in text.split("\n\n")) + "</body></html>"


def register(weir, folder, protected, background, courses):
    """All texts as files of their own, but the last ones, which are lessons of courses. Path → documents in it."""
    folder.mkdir()
    (folder / "background").mkdir()
    (folder / "documents").mkdir()
    alone = len(protected) - courses * LESSONS
    for number, text in enumerate(protected[:alone]):
        (folder / f"documents/{number:05}.txt").write_text(text.raw)
    for number in range(courses):
        texts = protected[alone + number * LESSONS:alone + (number + 1) * LESSONS]
        (folder / f"documents/course{number:03}.zip").write_bytes(archive({
            "imsmanifest.xml": '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"/>',
            **{f"lesson{i}.html": lesson(i, text.raw) for i, text in enumerate(texts)}}))
    for number, text in enumerate(background):
        (folder / f"background/{number:05}.txt").write_text(text.raw)
    weir.call("protect", "add", folder / "documents", "--label", "secret")
    weir.call("protect", "background", "add", folder / "background")
    return alone


def convert(sources, folder, kind):
    """By LibreOffice, many at a time, for it is slow to start; what an earlier run has made is kept."""
    folder.mkdir(exist_ok=True)
    def is_missing(source):
        made = folder / f"{source.stem}.{kind}"
        return not made.is_file() or made.stat().st_mtime < source.stat().st_mtime
    sources = list(filter(is_missing, sources))
    for first in range(0, len(sources), 50):
        run("soffice", f"-env:UserInstallation=file://{folder.parent}/office", "--headless",
            "--infilter=HTML (StarWriter)", "--convert-to", FORMATS[kind], "--outdir", folder, *sources[first:first + 50])


def across_formats(weir, folder, protected, alone, number):
    """Rows (format, files, found, right)."""
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    dice = random.Random("formats")
    sources = []
    for at in sorted(dice.sample(range(alone), min(number, alone))):
        source = folder / f"pages/{at:05}.html"
        page = '<html><head><meta charset="utf-8"></head><body>{}</body></html>'.format(
            html.escape(protected[at].raw).replace("\n\n", "<p>"))
        if not source.is_file() or source.read_text() != page:
            source.write_text(page)
        sources.append(source)
    for kind in FORMATS:
        convert(sources, folder / kind, kind)
        files = [folder / kind / f"{source.stem}.{kind}" for source in sources]
        results = list(weir.inspect(file for file in files if file.is_file()))
        found = [one for one in results if one["found"]]
        right = sum(Path(one["found"][0]["path"]).stem == Path(one["name"]).stem for one in found)
        yield kind, len(results), len(found), right


def lessons(weir, folder, protected, alone):
    """(lessons, of which the course was named): each lesson alone, zipped in a mail."""
    folder.mkdir()
    wanted = {}
    for at in range(alone, len(protected)):
        number, one = divmod(at - alone, LESSONS)
        page = archive({f"week{one}.html": lesson(one, protected[at].raw)})
        path = mail(folder, "The part you missed.\n", ("week.zip", page, "application/zip"), name=f"{at}.eml")
        wanted[str(path)] = f"course{number:03}"
    named = sum(bool(one["found"]) and Path(one["found"][0]["path"]).stem == wanted[one["name"]]
                for one in weir.inspect(wanted))
    return len(wanted), named


def evasions(weir, folder, protected, alone, number):
    """Pairs of row and Counter of verdicts, for excerpts of 300 words."""
    folder.mkdir()
    dice = random.Random("evasions")
    excerpts = []
    while len(excerpts) < number:
        text = protected[dice.randrange(alone)]
        if len(text) >= 400:
            excerpts.append(text.part(dice.randrange(len(text) - 300), 300))
    for row, (name, make) in enumerate(ROWS.items()):
        files = []
        for at, excerpt in enumerate(excerpts):
            place = folder / f"{row:02}-{at:02}"
            place.mkdir()
            files.append(make(excerpt, place))
        yield name, collections.Counter(verdict(one["found"], one["not_read"]) for one in weir.inspect(files))


def honest(weir, folder, data, ocr):
    """Of each collection: its name, files, with a finding "not read", with a find, kinds of findings."""
    folder.mkdir()
    for archive_name, kind in ARCHIVES:
        if not (data / archive_name).is_file():
            continue
        place = folder / archive_name.partition(".")[0]
        place.mkdir()
        subprocess.run(["tar", "--zstd", "-xf", data / archive_name, "-C", place], check=True)
        files = sorted(path for path in place.rglob("*") if path.is_file()
                       and (kind == "mails" or (path.suffix in ATTACHED and "groundtruth" not in path.parts)))
        for name, options in [(place.name, ())] + [(f"{place.name}, --ocr={ocr}", (f"--ocr={ocr}",))] * bool(ocr):
            kinds, unread, found = collections.Counter(), 0, 0
            with open(folder / f"{name}.unread", "w") as log:
                for one in weir.inspect(files, *options):
                    unread += bool(one["not_read"])
                    found += bool(one["found"])
                    kinds.update({finding["kind"] for finding in one["not_read"]})
                    for finding in one["not_read"]:
                        log.write(f"{Path(one['name']).name}\t{finding['kind']}\t{finding['part']}\t"
                                  f"{finding['reason']}\n")
                    for document in one["found"]:
                        log.write(f"{Path(one['name']).name}\tfound {document['words']} words of {document['path']}\n")
            yield name, len(files), unread, found, kinds


TABLES = ("formats", "evasions", "honest")


class Tables:
    """The tables of what goes through `weir inspect`, and their figures."""

    def __init__(self, program, work, data, protected, background, *, small, each, ocr=None):
        self.program, self.work, self.data, self.small, self.each, self.ocr = program, work, data, small, each, ocr
        self.protected, self.background = protected, background
        self.figures = {}

    def lines(self, only=None):
        for name in ("registry", "lessons", "evasions", "honest"):
            shutil.rmtree(self.work / name, ignore_errors=True)
        weir = Weir(self.program, self.work / "workspace")
        alone = register(weir, self.work / "registry", self.protected, self.background, 4 if self.small else 20)
        for name in TABLES if only is None else (only,):
            yield from getattr(self, name)(weir, alone)

    def formats(self, weir, alone):
        yield "\n| file through `weir inspect` | files | found | right document | must |\n|---|---|---|---|---|"
        of_each = 20 if self.small else 250
        for kind, number, found, right in across_formats(weir, self.work / "formats", self.protected, alone, of_each):
            yield f"| whole document as {kind} | {number} | {share(found, number)} | {share(right, found)} | 1 |"
            self.figures[kind] = (number, found, right)
        number, named = lessons(weir, self.work / "lessons", self.protected, alone)
        yield f"| one lesson of a course (zip in a mail) | {number} | {share(named, number)} | | |"
        self.figures["lesson"] = (number, named)

    def evasions(self, weir, alone):
        yield "\n| evasion, 300 words | found | not read | clean |\n|---|---|---|---|"
        clean = []
        for name, verdicts in evasions(weir, self.work / "evasions", self.protected, alone, self.each):
            yield f"| {name} | {verdicts['found']} | {verdicts['not read']} | {verdicts['clean']} |"
            self.figures[name] = dict(verdicts)
            if verdicts["clean"]:
                clean.append(name)
        yield f"\nEvasions that came out clean: {len(clean)} of {len(ROWS)} (must 0). {', '.join(clean)}"

    def honest(self, weir, _):
        yield ("\n| honest files | number | with something not read | must | with a find | why not read |\n"
               "|---|---|---|---|---|---|")
        for name, number, unread, found, kinds in honest(weir, self.work / "honest", self.data, self.ocr):
            why = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
            yield f"| {name} | {number} | {100 * unread / number:.2f} % | ≤ 1 % | {found} | {why} |"
            self.figures[name] = (number, unread, found)
