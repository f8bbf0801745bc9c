#!/usr/bin/env python3
"""Holds the modules of weir/ to their rules: who may use whom, and who may see what.

usage: check_layers.py [ROOT]          check the tree (registered as the ctest `layers`)
       check_layers.py --self-test     show on small bad trees that each rule bites
       check_layers.py --table         print the table as ARCHITECTURE.md shows it

A module uses another if one of its files includes a header of it. What it uses, what its
CMakeLists.txt declares in DEPS, and what ALLOWED permits must agree. Its tests may also use, once
TEST_DEPS names them, modules that those in its row use: building a Roster takes a Database.
"""
import re
import sys
import tempfile
from pathlib import Path

# What each module may use. A new arrow is a one-word change here, in ARCHITECTURE.md and in DEPS:
# the place where a reviewer stops and asks.
ALLOWED = {
    "base": "",
    "event": "base",
    "ledger": "base",
    "vault": "base event ledger",
    "roster": "base event vault ledger",
    "content": "base",
    "ingest": "base event roster content vault",
    "lake": "base event",
    "protect": "base event content",
    "detect": "base event content",
    "policy": "base event",
    "inspect": "base event content protect detect policy",
    "gateway": "base event inspect ledger",
    "behavior": "base event roster",
    "evidence": "base event behavior roster",
    "cases": "base event evidence ledger vault roster",
    "intel": "base event",
    "stream": "base event",
    "sim": "base event roster",
    "evaluate": "base event roster sim behavior evidence cases",
    "api": "base event lake ledger roster cases",
    "app": "*",
}

# Third-party headers and the modules whose .cpp files and detail/ headers wrap them. None but
# fmt may stand in a public header. What is not listed here may not be used at all.
THIRD_PARTY = {
    r"sqlite3\.h": "ledger",
    r"duckdb\.h": "lake",
    r"sodium(\.h|/.*)": "base vault",
    r"libgfshare\.h": "vault",
    r"gmime/.*|glib\.h|glib/.*|glib-object\.h|gio/.*": "content",
    r"simdjson\.h": "evaluate ingest",
    r"unicode/.*": "content protect",
    r"yaml-cpp/.*": "app",
    r"CLI/.*": "app",
    r"archive(_entry)?\.h|expat\.h|gumbo\.h": "content",
    r"cmark-gfm[\w-]*\.h": "cases",
    r"openssl/.*": "content",
    r"zlib\.h": "base content ingest",
    r"zstd(_errors)?\.h": "ingest sim",
    r"xxhash\.h": "base",
    r"date/.*": "behavior ingest",
}
FOR_TESTS = r"(gtest|gmock)/.*"
EVERYWHERE = r"fmt/.*"
# Headers of the C library, the compiler and the kernel, which carry no rule of their own.
SYSTEM = re.compile(
    r"[a-z0-9_]+"  # the C++ library
    r"|(sys|linux|arpa|netinet|asm|bits)/.*"
    r"|(assert|ctype|dirent|dlfcn|errno|fcntl|float|grp|inttypes|limits|locale|math|poll|pthread|pwd"
    r"|glob|sched|signal|spawn|stdarg|stddef|stdint|stdio|stdlib|string|strings|syslog|termios|time"
    r"|unistd|wchar)\.h")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
KEYWORDS = {"SOURCES", "DEPS", "LIBS", "TESTS", "TEST_DEPS"}


def cmake_words(text):
    """The words of a CMake file without comments, parentheses as words of their own."""
    return re.findall(r"[()]|[^\s()]+", re.sub(r"#[^\n]*", "", text))


def calls(words):
    """(command, arguments) of every call."""
    at = 0
    while at + 1 < len(words):
        if words[at + 1] != "(":
            at += 1
            continue
        depth, end = 1, at + 2
        while end < len(words) and depth:
            depth += {"(": 1, ")": -1}.get(words[end], 0)
            end += 1
        yield words[at], [word for word in words[at + 2:end - 1] if word not in "()"]
        at = end


class Module:
    """One folder under weir/: what its CMakeLists.txt says and what its files include."""

    def __init__(self, folder):
        self.name = folder.name
        self.folder = folder
        self.declared = None  # DEPS; None: there is no weir_module()
        self.test_deps = []   # TEST_DEPS
        self.tests = []       # TESTS
        self.linked = set()   # modules linked behind the back of DEPS
        self.words = cmake_words((folder / "CMakeLists.txt").read_text())
        for command, arguments in calls(self.words):
            if command == "weir_module" and arguments and arguments[0] == self.name:
                self.declared = self._after(arguments, "DEPS")
                self.test_deps = self._after(arguments, "TEST_DEPS")
                self.tests = self._after(arguments, "TESTS")
            elif command == "target_link_libraries":
                for word in arguments[1:]:
                    if match := re.fullmatch(r"weir(?:::|_)([a-z]+)", word):
                        self.linked.add(match[1])
        self.linked -= {self.name, "flags"}
        self.files = sorted(p for p in folder.rglob("*") if p.suffix in (".h", ".cpp"))

    @staticmethod
    def _after(arguments, keyword):
        if keyword not in arguments:
            return []
        tail = arguments[arguments.index(keyword) + 1:]
        stop = next((i for i, word in enumerate(tail) if word in KEYWORDS), len(tail))
        return tail[:stop]

    def is_test(self, path):
        """Only in the test program: listed there, or a header that says so or stands beside one."""
        return (path.stem.startswith("test_") or path.stem.endswith("_test")
                or str(path.relative_to(self.folder).with_suffix(".cpp")) in self.tests)

    def is_public(self, path):
        """May another module include it? None includes those of `app`, the root."""
        return (self.name != "app" and path.suffix == ".h" and not self.is_test(path)
                and "detail" not in path.relative_to(self.folder).parts)


def may_use(user, used):
    allowed = ALLOWED.get(user, "").split()
    return user == used or used in allowed or (allowed == ["*"] and used in ALLOWED)


def tests_may_use(user, used):
    """What the module may use, or what one of those may use."""
    return may_use(user, used) or any(tests_may_use(middle, used)
                                      for middle in ALLOWED.get(user, "").split() if middle != "*")


def check_include(module, path, bracket, header, known, where):
    """Problems with one #include; second value: the module it uses, if it is one of ours."""
    if header.startswith("weir/"):
        parts = header.split("/")
        used = parts[1]
        if used not in known:
            return [f"{where}: '{header}': there is no module '{used}'"], None
        if used != module.name and "detail" in parts[2:-1]:
            return [f"{where}: '{header}' belongs to '{used}' alone; include its public headers"], used
        return [], used
    if bracket == '"':
        return [f"{where}: '{header}': write the path from the repository root (weir/…)"], None
    if SYSTEM.fullmatch(header) or re.fullmatch(EVERYWHERE, header):
        return [], None
    if re.fullmatch(FOR_TESTS, header):
        return ([] if module.is_test(path) else [f"{where}: <{header}> outside a test"]), None
    for pattern, homes in THIRD_PARTY.items():
        if re.fullmatch(pattern, header):
            if module.name not in homes.split():
                return [f"{where}: <{header}> stays in {homes}; '{module.name}' may not include it"], None
            if module.is_public(path):
                return [f"{where}: <{header}> may not stand in a public header"], None
            return [], None
    return [f"{where}: <{header}> is in no list of tools/check_layers.py"], None


def find_cycle(edges):
    """Modules that use each other in a circle, first one repeated at the end; or None."""
    done, path = set(), []

    def visit(name):
        if name in path:
            return path[path.index(name):] + [name]
        if name in done:
            return None
        path.append(name)
        for used in sorted(edges.get(name, ())):
            if cycle := visit(used):
                return cycle
        done.add(path.pop())
        return None

    return next((cycle for name in sorted(edges) if (cycle := visit(name))), None)


def check(root):
    """All problems of the tree, as lines."""
    problems = []
    folders = sorted(p for p in (root / "weir").iterdir() if p.is_dir() and any(p.iterdir()))
    modules = {}
    for folder in folders:
        if not (folder / "CMakeLists.txt").is_file():
            problems.append(f"weir/{folder.name}: no CMakeLists.txt")
            continue
        modules[folder.name] = Module(folder)
    known = {folder.name for folder in folders}

    edges = {}
    for name, module in modules.items():
        if name not in ALLOWED:
            problems.append(f"weir/{name}: not in the table of tools/check_layers.py")
        if not (module.folder / "README.md").is_file():
            problems.append(f"weir/{name}: no README.md (what for, types to read first, what it refuses to know)")
        if module.declared is None:
            problems.append(f"weir/{name}/CMakeLists.txt: no weir_module({name} …)")
            module.declared = []
        declared = set(module.declared)
        for used in sorted(declared | module.linked):
            if not may_use(name, used):
                problems.append(f"weir/{name}/CMakeLists.txt: '{name}' may not use '{used}'")
        for used in sorted(set(module.test_deps)):
            if not tests_may_use(name, used):
                problems.append(f"weir/{name}/CMakeLists.txt: not even tests of '{name}' may use '{used}'")
        for used in sorted(module.linked - declared):
            problems.append(f"weir/{name}/CMakeLists.txt: links '{used}', which is not in DEPS")

        edges[name] = set(declared)
        for path in module.files:
            relative = path.relative_to(root)
            if path.suffix == ".cpp" and str(path.relative_to(module.folder)) not in module.words:
                problems.append(f"{relative}: in no list of weir/{name}/CMakeLists.txt")
            text = path.read_text(encoding="utf-8")
            for match in INCLUDE.finditer(text):
                where = f"{relative}:{text.count(chr(10), 0, match.start()) + 1}"
                found, used = check_include(module, path, match[1], match[2], known, where)
                problems += found
                if used is None or used == name:
                    continue
                if module.is_test(path) and used in module.test_deps:
                    continue
                edges[name].add(used)
                if not may_use(name, used):
                    problems.append(f"{where}: '{name}' may not use '{used}'"
                                    + ("; its tests may, by TEST_DEPS" if tests_may_use(name, used) else ""))
                elif used not in declared:
                    problems.append(f"{where}: '{name}' uses '{used}', which is not in its DEPS")
        used_at_all = {m[2].split("/")[1] for p in module.files
                       for m in INCLUDE.finditer(p.read_text(encoding="utf-8"))
                       if m[2].startswith("weir/")}
        for idle in sorted((declared | set(module.test_deps)) - used_at_all):
            problems.append(f"weir/{name}/CMakeLists.txt: '{idle}' is in DEPS, but nothing of it is included")
    if cycle := find_cycle(edges):
        problems.append("modules use each other in a circle: " + " → ".join(cycle))
    return problems


def table():
    lines = ["| module | may use |", "|---|---|"]
    for name, used in ALLOWED.items():
        lines.append(f"| `{name}` | {'all' if used == '*' else used or '–'} |")
    return "\n".join(lines)


def check_document(root):
    document = root / "ARCHITECTURE.md"
    if not document.is_file():
        return []
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| ([^|]*) \|$", document.read_text(encoding="utf-8"), re.M))
    problems = []
    for name, used in ALLOWED.items():
        wanted = {"*": "all", "": "–"}.get(used, used)
        if rows.get(name) != wanted:
            problems.append(f"ARCHITECTURE.md: row `{name}` says '{rows.get(name)}', the rule is '{wanted}'")
    return problems


def self_test():
    """Each rule, on a tree that breaks it."""
    good = {
        "weir/base/README.md": "b", "weir/event/README.md": "e",
        "weir/base/CMakeLists.txt": "weir_module(base\n  LIBS fmt::fmt\n  SOURCES time.cpp)",
        "weir/base/time.h": "#include <chrono>\n#include <fmt/format.h>\n",
        "weir/base/time.cpp": '#include "weir/base/time.h"\n#include <xxhash.h>\n#include <sys/stat.h>\n',
        "weir/base/detail/zone.h": "#include <sodium.h>\n",
        "weir/event/CMakeLists.txt": "weir_module(event DEPS base SOURCES record.cpp TESTS record_test.cpp)",
        "weir/event/record.cpp": '#include "weir/base/time.h"\n',
        "weir/event/record_test.cpp": '#include <gtest/gtest.h>\n',
    }
    bad = [
        ("'base' may not use 'event'", {"weir/base/time.cpp": '#include "weir/event/record.h"\n'}),
        ("'base' may not use 'event'", {
            "weir/base/CMakeLists.txt": "weir_module(base DEPS event SOURCES time.cpp)"}),
        ("not in its DEPS", {
            "weir/event/CMakeLists.txt": "weir_module(event SOURCES record.cpp TESTS record_test.cpp)"}),
        ("which is not in DEPS", {
            "weir/event/CMakeLists.txt": "weir_module(event SOURCES record.cpp TESTS record_test.cpp)\n"
                                         "target_link_libraries(weir_event PRIVATE weir::base)"}),
        ("nothing of it is included", {"weir/event/record.cpp": "\n"}),
        ("in a circle: base → event → base", {"weir/base/time.cpp": '#include "weir/event/record.h"\n'}),
        ("belongs to 'base' alone", {"weir/event/record.cpp": '#include "weir/base/detail/zone.h"\n'}),
        ("may not stand in a public header", {"weir/base/time.h": "#include <sodium.h>\n"}),
        ("stays in ledger", {"weir/event/record.cpp": '#include "weir/base/time.h"\n#include <sqlite3.h>\n'}),
        ("in no list of tools", {"weir/base/time.cpp": "#include <boost/any.hpp>\n"}),
        ("outside a test", {"weir/base/time.cpp": "#include <gtest/gtest.h>\n"}),
        ("no README.md", {"weir/event/README.md": None}),
        ("write the path from the repository root", {"weir/base/time.cpp": '#include "time.h"\n'}),
        ("there is no module 'bade'", {"weir/base/time.cpp": '#include "weir/bade/time.h"\n'}),
        (None, {  # tests may use what event's row uses in turn, once they say so
            "weir/event/CMakeLists.txt": "weir_module(event DEPS base SOURCES record.cpp "
                                         "TESTS record_test.cpp sample.cpp TEST_DEPS base)",
            "weir/event/sample.cpp": "#include <gtest/gtest.h>\n"}),
        (None, {
            "weir/vault/CMakeLists.txt": "weir_module(vault DEPS event TESTS vault_test.cpp TEST_DEPS ledger)",
            "weir/vault/README.md": "v", "weir/vault/vault.h": '#include "weir/event/record.h"\n',
            "weir/vault/vault_test.cpp": '#include "weir/ledger/database.h"\n',
            "weir/ledger/CMakeLists.txt": "weir_module(ledger)", "weir/ledger/README.md": "l"}),
        ("not even tests of 'base' may use 'event'", {
            "weir/base/CMakeLists.txt": "weir_module(base SOURCES time.cpp TEST_DEPS event)"}),
        ("in no list of weir/event", {"weir/event/orphan.cpp": "\n"}),
        ("not in the table", {"weir/extra/CMakeLists.txt": "weir_module(extra)", "weir/extra/README.md": "x"}),
        ("no weir_module(base", {"weir/base/CMakeLists.txt": "add_library(weir_base time.cpp)"}),
    ]
    failures = 0
    for expected, changes in [(None, {})] + bad:
        with tempfile.TemporaryDirectory() as folder:
            for name, content in {**good, **changes}.items():
                if content is None:
                    continue
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content)
            problems = check(Path(folder))
        if (expected is None and problems) or (expected and not any(expected in p for p in problems)):
            print(f"expected {expected!r}, got {problems}")
            failures += 1
    print(f"{len(bad) + 1} trees, {failures} wrong")
    return 1 if failures else 0


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    if arguments == ["--table"]:
        print(table())
        return 0
    root = Path(arguments[0] if arguments else Path(__file__).resolve().parent.parent)
    if not (root / "weir").is_dir():
        print(f"check_layers: no folder {root}/weir", file=sys.stderr)
        return 2
    problems = check(root) + check_document(root)
    for problem in problems:
        print(problem)
    if not problems:
        print("layers: all modules keep to the table")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
