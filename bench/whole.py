#!/usr/bin/env python3
"""Times the whole program on files: how many records a second, at which size, for how many people.

    bench/whole.py                          the short table (a few minutes)
    bench/whole.py --records 1e6 1e7 1e8 --people 1000
    bench/whole.py --records 1e7 --people 100 1000 10000 100000 --format cert

For each combination: makes the input, then times `ingest` (cold store) and `analyze` as whole
processes, wall clock and processor time, with the largest memory. Input is made once per
combination and removed afterwards. Prints a Markdown table.
"""

import argparse
import datetime
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
WEIR = os.environ.get("WEIR_BINARY", str(ROOT / "build" / "release" / "weir"))

CONFIG = """organisation:
  domains: [dtaa.com]
scope:
  - entity: "*"
    units: ["*"]
    sources: [email, web, file, authentication, device, print, lookup, hosting]
    purposes: [leak_detection]
    hypotheses: [slow_drip, burst]
"""


def timed(*command):
    """Wall seconds, processor seconds and MiB of a command that must succeed."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    if status != 0:
        sys.exit(f"{' '.join(map(str, command))}: status {status}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output


def write_cert(folder, records, people):
    """Logons and logoffs in the r4.2 layout over ten years of days, in order of time."""
    draw = random.Random(1)
    names = [f"AAA{i:05d}" for i in range(people)]
    with open(folder / "roster.csv", "w") as roster:
        roster.write("person,user_ids,unit,role\n")
        for i, name in enumerate(names):
            roster.write(f"{name},{name},unit {i % 40},role {i % 12}\n")
    days = 3650
    a_day = records / days
    first = datetime.date(2010, 1, 1)
    written = 0
    with open(folder / "logon.csv", "w", buffering=1 << 20) as out:
        out.write("id,date,user,pc,activity\n")
        for day in range(days):
            date = (first + datetime.timedelta(day)).strftime("%m/%d/%Y")
            wanted = int(a_day * (day + 1)) - written
            lines = []
            for i in range(wanted):
                minute = 420 + i * 600 // max(wanted, 1)
                name = names[draw.randrange(people)]
                written += 1
                lines.append(
                    f"{{{written:012d}}},{date} {minute // 60:02d}:{minute % 60:02d}:{i % 60:02d},{name},"
                    f"PC-{name[3:]},{'Logon' if i % 2 else 'Logoff'}\n")
            out.writelines(lines)
    (folder / "weir.yaml").write_text(CONFIG)
    return [folder / "logon.csv"]


def write_ocsf(folder, records, people, compressed):
    """A simulated organisation at full detail; as many years as it takes, at least one."""
    per_person_year = 35_000
    years = max(1, round(records / (people * per_person_year)))
    subprocess.run([WEIR, "simulate", "--world", "null", "--people", str(people), "--years", str(years),
                    "--full-detail", "--out", str(folder / "world")], check=True, stdout=subprocess.DEVNULL)
    shutil.copy(folder / "world" / "roster.csv", folder / "roster.csv")
    shutil.copy(folder / "world" / "organisation.yaml", folder / "weir.yaml")
    files = sorted((folder / "world").glob("*.zst"))
    if compressed:
        return files
    for file in files:
        subprocess.run(["zstd", "-dq", "--rm", str(file)], check=True)
    return sorted((folder / "world").glob("*.jsonl"))


def measure(kind, records, people):
    with tempfile.TemporaryDirectory(prefix="weir-bench-", dir=os.environ.get("WEIR_BENCH_DIR")) as name:
        folder = pathlib.Path(name)
        if kind == "cert":
            files = write_cert(folder, records, people)
        else:
            files = write_ocsf(folder, records, people, kind == "ocsf.zst")
        workspace = str(folder / "workspace")
        subprocess.run([WEIR, "init", workspace, "--simulated", "--config", str(folder / "weir.yaml")],
                       check=True, stdout=subprocess.DEVNULL)
        subprocess.run([WEIR, "-w", workspace, "roster", "import", str(folder / "roster.csv")],
                       check=True, stdout=subprocess.DEVNULL)
        wall, cpu, memory, output = timed(WEIR, "-w", workspace, "--json", "ingest", *map(str, files))
        count = json.loads(output)["records"]
        size = sum(f.stat().st_size for f in files)
        lake = sum(f.stat().st_size for f in pathlib.Path(workspace, "lake").rglob("*.parquet"))
        a_wall, a_cpu, a_memory, output = timed(WEIR, "-w", workspace, "--json", "analyze")
        state = json.loads(output)
        print(f"| {kind} | {count:,} | {people:,} | {size / count:.0f} | {count / wall:,.0f} | "
              f"{1e6 * cpu / count:.2f} | {memory:,.0f} | {lake / count:.1f} | {count / a_wall:,.0f} | "
              f"{1e6 * a_cpu / count:.2f} | {a_memory:,.0f} | "
              f"{state['state_bytes'] / max(1, state['people_watched']):,.0f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=float, nargs="+", default=[1e6])
    parser.add_argument("--people", type=int, nargs="+", default=[1000])
    parser.add_argument("--format", nargs="+", default=["cert", "ocsf", "ocsf.zst"],
                        choices=["cert", "ocsf", "ocsf.zst"])
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores\n")
    print("| format | records | people | input B/record | ingest records/s | µs CPU/record | MiB | "
          "lake B/record | analyze records/s | µs CPU/record | MiB | state B/person |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for kind in arguments.format:
        for people in arguments.people:
            for records in arguments.records:
                measure(kind, int(records), people)


if __name__ == "__main__":
    main()
