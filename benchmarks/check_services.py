"""How long `commonweal check` takes, and how much memory, for many services.

    python benchmarks/check_services.py                 # 1,000 and 10,000 services
    python benchmarks/check_services.py --services 500 --per-file 20
    python benchmarks/check_services.py --parsers       # what reading YAML costs, parser by parser

Writes a made-up jurisdiction (12 regions, 40 organisations, 300 data elements, and services of 8 questions,
5 steps, rules, fees and two languages, 1.5–2 KB each), then checks it in a fresh process for each size, so that
the peak memory is that size's own. Prints a table; nothing here is a test.
"""

# ruff: noqa: E501 - the declarations read best one to a line

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ORGANISATIONS, ELEMENTS = 40, 300
TYPES = ("string", "integer", "decimal", "boolean", "date", "code", "region", "money")


def names(english: str, chinese: str) -> str:
    """A text in both languages."""
    return f"{{en: {english}, zh-hans: {chinese}}}"


def government() -> str:
    """Everything but the services."""
    lines = [
        f"- {{kind: Jurisdiction, id: big, name: {names('Big', '大地')}, languages: [en, zh-hans], currency: XTS}}",
        f"- {{kind: Region, id: root, level: province, name: {names('Root', '省')}}}",
        f"- {{kind: LegalResource, id: act, name: {names('Act', '法')}, articles: [{{id: 1, permits: [collect, decide]}},"
        " {id: 2, permits: [fee]}]}",
        f"- {{kind: CodeList, id: list, name: {names('List', '表')}, codes: ["
        + ", ".join(f"{{code: {n:02}, name: {names(f'Value {n}', f'值{n}')}}}" for n in range(20))
        + "]}",
    ]
    for n in range(11):
        lines.append(
            f"- {{kind: Region, id: county-{n}, level: county, parent: root, name: {names(f'C {n}', f'县{n}')}}}"
        )
    for n in range(ORGANISATIONS):
        lines.append(f"- {{kind: PublicOrganisation, id: org-{n}, level: county, name: {names(f'Org {n}', f'局{n}')}}}")
        lines.append(f"- {{kind: Post, id: org-{n}/officer, organisation: org-{n}, name: {names('Officer', '科员')}}}")
        lines.append(
            f"- {{kind: Post, id: org-{n}/head, organisation: org-{n}, supervises: true, name: {names('Head', '局长')}}}"
        )
    for n in range(ELEMENTS):
        kind = TYPES[n % len(TYPES)]
        codes = ", codelist: list" if kind == "code" else ""
        lines.append(
            f"- {{kind: DataElement, id: thing{n}.fact, type: {kind}{codes}, name: {names(f'Fact {n}', f'事实{n}')}}}"
        )
    lines.append(f"- {{kind: EvidenceType, id: paper, name: {names('Paper', '材料')}}}")
    return "\n".join(lines) + "\n"


def service(n: int) -> str:
    """One service; its questions, rules and departments differ with its number."""
    base = n * len(TYPES) % ELEMENTS
    keys = [f"thing{(base + k) % (ELEMENTS // 8 * 8)}.fact" for k in range(8)]
    by = {TYPES[int(key[5:].split(".")[0]) % len(TYPES)]: key for key in keys}
    a, b, c = (f"org-{(n + k) % ORGANISATIONS}" for k in range(3))
    form = "\n".join(f"  - {{element: {key}}}" for key in keys)
    return f"""\
kind: PublicService
id: service-{n}
name: {names(f"Permit for activity number {n}", f"第{n}号活动许可")}
summary: {names("Ask for everything that this activity needs in one application", "一次申请办理该活动所需的全部许可事项")}
authority: {a}
audience: [business]
effective: {{from: 2025-01-01}}
legal: [act/1]
place: {by["region"]}
requirements:
  - {{id: old_enough, rule: "age({by["date"]}, today) >= 18", legal: act/1}}
  - {{id: papers, evidence: {{any: [paper]}}}}
form:
{form}
  - {{id: sign, type: boolean, label: {names("Will you put up a sign outside?", "是否设置户外招牌？")}}}
steps:
  - {{id: accept, by: {a}/officer, allow: [accept, return], deadline: P1D}}
  - {{id: licence, by: {b}/officer, after: [accept], deadline: P3D}}
  - {{id: safety, by: {c}/officer, after: [accept], when: "{by["decimal"]} >= 300", deadline: P5D, overdue: escalate}}
  - {{id: fee, pay: [base], after: [licence, safety]}}
  - {{id: issue, output: permit, after: [fee]}}
deadline: {{total: P7D, calendar: working-days, paused_by: [return, request-information]}}
cost:
  - {{id: base, amount: {n % 500}.50, exempt_when: "{by["integer"]} < 10 && {by["code"]} != '07'", legal: act/2}}
outputs:
  - {{id: permit, name: {names("Permit", "许可证")}, number: "P{{year}}-{{region}}-{{seq:06}}", valid: P5Y}}
channels: [web, counter]
retention: P10Y
"""


def write(folder: Path, services: int, per_file: int) -> int:
    """Write the jurisdiction; returns its size in bytes."""
    (folder / "services").mkdir(parents=True)
    (folder / "government.yaml").write_text(government())
    for first in range(0, services, per_file):
        whole = "---\n".join(service(n) for n in range(first, min(first + per_file, services)))
        (folder / "services" / f"s{first:06}.yaml").write_text(whole)
    return sum(path.stat().st_size for path in folder.rglob("*.yaml"))


def measure(folder: Path) -> None:
    """Check the folder in this process and print what it took, as JSON."""
    from commonweal.register import commands

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, busy = time.perf_counter(), time.process_time()
    text, code = commands.check(folder)
    took, busy = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        json.dumps({"seconds": took, "busy": busy, "before": before, "peak": peak, "code": code, "text": text[-200:]})
    )


def parsers(folder: Path) -> None:
    """What reading all the YAML costs with each reader that is installed, on the same files."""
    import yaml

    from commonweal.register import yamlfile

    data = [path.read_bytes() for path in sorted(folder.rglob("*.yaml"))]

    def timed(what: str, reading: object, part: int = 1) -> None:
        some = data[:: part or 1]
        start = time.perf_counter()
        for each in some:
            reading(each)  # type: ignore[operator]
        print(f"{what:58} {(time.perf_counter() - start) * len(data) / len(some):8.2f} s")

    timed("register.yamlfile", lambda each: yamlfile.read(each, "x"))
    timed("register.yamlfile with positions", lambda each: yamlfile.read(each, "x", positions=True))
    timed("PyYAML CSafeLoader (YAML 1.1, floats)", lambda each: list(yaml.load_all(each, yaml.CSafeLoader)))
    try:
        from ruamel.yaml import YAML
    except ImportError:
        return
    timed("ruamel.yaml safe, pure Python (YAML 1.2)", lambda each: list(YAML(typ="safe", pure=True).load_all(each)), 20)


def main() -> None:
    """Measure the sizes asked for and print one row for each."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--services", type=int, nargs="*", default=[1000, 10000])
    ask.add_argument("--per-file", type=int, default=1)
    ask.add_argument("--parsers", action="store_true")
    ask.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    asked = ask.parse_args()
    if asked.measure:
        measure(asked.measure)
        return
    print(f"{os.cpu_count()} processors, {asked.per_file} services a file")
    print(
        f"{'services':>9} {'MB':>6} {'seconds':>8} {'of CPU':>7} {'a second':>9} {'peak MB':>8} {'KB a service':>13}  outcome"
    )
    for count in asked.services:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary, "jurisdiction")
            size = write(folder, count, asked.per_file)
            if asked.parsers:
                parsers(folder)
                continue
            command = [sys.executable, __file__, "--measure", str(folder)]
            found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            grown = (found["peak"] - found["before"]) / count
            print(
                f"{count:9,} {size / 1e6:6.1f} {found['seconds']:8.2f} {found['busy']:7.2f} {count / found['seconds']:9,.0f}"
                f" {found['peak'] / 1024:8.0f} {grown:13.1f}  {found['text'].strip()[-60:]}"
            )


if __name__ == "__main__":
    main()
