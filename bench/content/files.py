"""What the real `weir inspect` says of files: other formats, evasions, lessons of a course, honest mail."""
import collections
import html
import json
import os
import random
import shutil
import subprocess
from pathlib import Path

from evasions import ROWS, archive, mail, run

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

    def inspect(self, paths):
        paths = list(paths)
        for first in range(0, len(paths), AT_ONCE):
            yield from json.loads(self.call("inspect", "--json", *paths[first:first + AT_ONCE], good=(0, 3, 5, 6)))


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
    """Row → Counter of verdicts, for excerpts of 300 words."""
    folder.mkdir()
    dice = random.Random("evasions")
    excerpts = []
    while len(excerpts) < number:
        text = protected[dice.randrange(alone)]
        if len(text) >= 400:
            excerpts.append(text.part(dice.randrange(len(text) - 300), 300))
    table = {}
    for row, (name, make) in enumerate(ROWS.items()):
        files = []
        for at, excerpt in enumerate(excerpts):
            place = folder / f"{row:02}-{at:02}"
            place.mkdir()
            files.append(make(excerpt, place))
        table[name] = collections.Counter(verdict(one["found"], one["not_read"]) for one in weir.inspect(files))
    return table


def honest(weir, folder, data):
    """Of each collection: files, with a finding "not read", with a find, kinds of findings."""
    for archive_name, kind in ARCHIVES:
        if not (data / archive_name).is_file():
            continue
        place = folder / archive_name.partition(".")[0]
        place.mkdir(parents=True)
        subprocess.run(["tar", "--zstd", "-xf", data / archive_name, "-C", place], check=True)
        files = sorted(path for path in place.rglob("*") if path.is_file()
                       and (kind == "mails" or (path.suffix in ATTACHED and "groundtruth" not in path.parts)))
        kinds, unread, found = collections.Counter(), 0, 0
        with open(folder / f"{place.name}.unread", "w") as log:
            for one in weir.inspect(files):
                name = os.path.basename(one["name"])
                unread += bool(one["not_read"])
                found += bool(one["found"])
                kinds.update({finding["kind"] for finding in one["not_read"]})
                for finding in one["not_read"]:
                    log.write(f"{name}\t{finding['kind']}\t{finding['reason']}\n")
                for document in one["found"]:
                    log.write(f"{name}\tfound {document['words']} words of {document['path']}\n")
        yield place.name, len(files), unread, found, kinds
