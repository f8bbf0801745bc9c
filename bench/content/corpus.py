"""The texts of the bench: protected documents, background, innocent mails; and what overlaps.

They come from documentation packages of Debian 12, fetched by name and unpacked beside the build, never
installed: every machine has the same texts, and none has more packages afterwards. A source package is on one side
only, so no manual is both protected and innocent. One innocent text in six is taught as background, as an
organisation's public and approved texts would be; mails are pieces of the rest.
"""
import gzip
import hashlib
import json
import re
import subprocess
from pathlib import Path

from gather import WORD, from_html, from_troff, sample_of

PROTECTED = ("linux-doc-6.1", "postgresql-doc-15", "debian-handbook", "debian-policy", "sqlite3-doc",
             "maxima-doc", "git-doc", "python-django-doc", "exim4-doc-html", "zsh-doc", "apache2-doc", "manpages",
             "manpages-dev", "cmake-doc", "krb5-doc", "qtbase5-doc-html", "gap-doc")
INNOCENT = ("python3.11-doc", "perl-doc", "developers-reference", "debian-reference-en", "aptitude-doc-en",
            "octave-doc", "python-sqlalchemy-doc", "postfix-doc", "vim-doc", "bind9-doc",
            "erlang-doc", "erlang-manpages", "libreoffice-help-en-us", "nodejs-doc", "slurm-wlm-doc", "shorewall-doc",
            "debian-faq", "scons-doc", "mercurial-common", "python-scipy-doc", "python-sympy-doc", "lilypond-doc-html",
            "r-doc-html", "tcl8.6-doc", "tk8.6-doc")
LEAST_WORDS, CHAPTER_WORDS, MAIL_WORDS = 250, 2400, 600
BACKGROUND = 6  # one in so many of the innocent texts
MOST_CHAPTERS = 700  # of one package
OVERLAP_WORDS = 8  # words in a row: fewer are phrases that everybody uses
COMMON = {"the", "of", "to", "and", "is", "in", "a", "for"}


class Text:
    """A text with the places of its words."""

    def __init__(self, raw, name=""):
        self.raw, self.name = raw, name
        self.ends = [match.span() for match in WORD.finditer(raw)]

    def __len__(self):
        return len(self.ends)

    def part(self, first, count):
        return self.raw[self.ends[first][0]:self.ends[first + count - 1][1]]

    def words(self, first=0, count=None):
        return [self.raw[a:b].lower() for a, b in self.ends[first:None if count is None else first + count]]


class Runs:
    """The runs of so many words of texts. Shares no code with Weir, on purpose."""

    def __init__(self, words=OVERLAP_WORDS):
        self.words, self.numbers, self.seen = words, {}, set()

    def _runs(self, words):
        ids = [self.numbers.setdefault(word, len(self.numbers)) for word in words]
        return [hash(tuple(ids[i:i + self.words])) for i in range(len(ids) - self.words + 1)]

    def add(self, words):
        self.seen.update(self._runs(words))

    def longest(self, words):
        """Words of the longest run in a row of which every piece was seen, and where it ends; 0: none."""
        best, end, row = 0, 0, 0
        for i, run in enumerate(self._runs(words)):
            row = row + 1 if run in self.seen else 0
            if row > best:
                best, end = row, i + self.words
        return (best + self.words - 1 if best else 0), end

    def share(self, words):
        runs = self._runs(words)
        return sum(run in self.seen for run in runs) / max(1, len(runs))


def fetch(packages, folder):
    """Unpacked packages, and their versions."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name in packages if not list(folder.glob(f"{name}_*.deb"))]
    if missing:
        print(f"fetching {len(missing)} documentation packages", flush=True)
        subprocess.run(["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", *missing], cwd=folder,
                       check=True, stdout=subprocess.DEVNULL)
    versions = {}
    for name in packages:
        deb = next(folder.glob(f"{name}_*.deb"))
        versions[name] = deb.name.split("_")[1]
        if not (folder / name).is_dir():
            unfinished = folder / f"{name}.new"
            subprocess.run(["dpkg-deb", "-x", deb, unfinished], check=True)
            unfinished.rename(folder / name)
    return versions


def converter(path):
    name = path.name.removesuffix(".gz").lower()
    if name.endswith((".html", ".htm", ".xhtml")):
        return from_html
    if re.search(r"\.[1-8][a-z]*$", name):
        return from_troff
    return str if name.endswith((".txt", ".md", ".rst", ".pod")) else None


def chapters(folder, package, number):
    """English texts of a package in chapters; long ones are cut."""
    files = [path for path in (folder / package).rglob("*") if path.is_file() and not path.is_symlink()]
    files.sort(key=lambda path: hashlib.sha256(str(path.relative_to(folder)).encode()).digest())
    taken = 0
    for path in files:
        convert = converter(path)
        if convert is None or path.stat().st_size > 4_000_000:
            continue
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
        whole = Text(convert(data.decode("utf-8", "replace")).replace("\0", " "))
        for first in range(0, len(whole), CHAPTER_WORDS):
            count = min(CHAPTER_WORDS, len(whole) - first)
            if count < LEAST_WORDS:
                continue
            words = whole.words(first, count)
            if sum(word in COMMON for word in words) < count * 0.08:
                continue  # tables, listings, other languages
            yield Text(whole.part(first, count), f"{path.relative_to(folder)}#{first}"), words
            taken += 1
            if taken == number:
                return


def distinct(folder, packages, number):
    """Chapters of which at most a tenth stood in earlier ones: nobody could tell twins apart."""
    seen, out = set(), []
    for package in packages:
        for text, words in chapters(folder, package, number):
            sample = sample_of(words)
            if len(sample & seen) * 10 <= len(sample):
                out.append(text)
            seen |= sample
    out.sort(key=lambda text: hashlib.sha256(text.name.encode()).digest())
    return out


def write(path, texts):
    path.write_text("\0".join(texts), encoding="utf-8")


def prepare(packages, documents, mails):
    """Texts of all sides, the mails left out, longest overlap first: before any detector runs."""
    share = documents / 4000
    protected = distinct(packages, PROTECTED, int(MOST_CHAPTERS * share))[:documents]
    innocent = distinct(packages, INNOCENT, int(4 * MOST_CHAPTERS * share))
    background = innocent[::BACKGROUND]
    others = [text for number, text in enumerate(innocent) if number % BACKGROUND]

    runs = Runs()
    for text in protected:
        runs.add(text.words())
    candidates = [(number % 2, Text(text.part(at, MAIL_WORDS), f"{text.name}+{at}"))
                  for number, text in enumerate(others)
                  for at in range(0, len(text) - MAIL_WORDS + 1, MAIL_WORDS)]
    candidates.sort(key=lambda one: hashlib.sha256(one[1].name.encode()).digest())
    kept, excluded = [], []
    for half, mail in candidates:
        if len(kept) == mails:
            break
        words = mail.words()
        longest, end = runs.longest(words)
        if longest:
            excluded.append((longest, mail.name, " ".join(words[end - min(longest, 20):end])))
        else:
            kept.append((half, mail))
    return protected, background, kept, sorted(excluded, reverse=True)


def make(packages, work, documents, mails):
    """Protected texts, background texts and mails as (half, text). Kept in `work` while packages stay the same."""
    versions = fetch(PROTECTED + INNOCENT, packages)
    key = [versions, documents, mails, Path(__file__).read_text()]
    kept_file = work / "corpus.json"
    kept = json.loads(kept_file.read_text()) if kept_file.is_file() else None
    if kept is None or kept["key"] != key:
        protected, background, letters, excluded = prepare(packages, documents, mails)
        kept = {"key": key, "protected": [(t.raw, t.name) for t in protected],
                "background": [(t.raw, t.name) for t in background],
                "mails": [(half, t.raw, t.name) for half, t in letters], "excluded": excluded}
        kept_file.write_text(json.dumps(kept))
    protected = [Text(*one) for one in kept["protected"]]
    background = [Text(*one) for one in kept["background"]]
    letters = [(half, Text(raw, name)) for half, raw, name in kept["mails"]]
    write(work / "protected", [text.raw for text in protected])
    write(work / "background", [text.raw for text in background])
    excluded = kept["excluded"]
    (work / "excluded.tsv").write_text("".join(f"{n}\t{name}\t{words}\n" for n, name, words in excluded))
    print(f"{len(protected)} protected documents of {len(PROTECTED)} packages, "
          f"{sum(map(len, protected))} words; {len(background)} texts of {len(INNOCENT)} others as background, "
          f"{len(letters)} innocent mails of {MAIL_WORDS} words from the rest\n"
          f"left out before any detector ran: {len(excluded)} mails that have {OVERLAP_WORDS} words or more in a "
          f"row in common with a protected document (longest {excluded[0][0] if excluded else 0}; "
          f"{work / 'excluded.tsv'})", flush=True)
    return protected, background, letters
