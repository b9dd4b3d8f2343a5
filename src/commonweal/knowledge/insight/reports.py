"""Pairs of plain files as a table for a terminal, JSON for programs, or one HTML page with charts."""

from __future__ import annotations

import base64
import html
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from commonweal.knowledge.insight.pairing import Row
from commonweal.knowledge.insight.plain import Problem
from commonweal.knowledge.insight.sentences import CAUTION, KINDS

SHOWN = {"table": 40, "json": 10_000, "html": 300}
_WORDS = {
    "en": {
        "left": "Column", "right": "goes with", "statistic": "Statistic", "value": "Value", "interval": "95 % interval",
        "n": "Rows", "p": "p adjusted", "kind": "What it is", "within": "Within places", "on": "Joined on",
        "problems": "Values not used",
        "left_out": "Columns left out", "same": "{n} more pairs are one measure under two names (see --format json).",
        "more": "{shown} of {all} pairs shown, strongest first by the near end of the interval.",
        "title": "What goes with what: {what}", "lag": "Later by", "given": "given {what}",
        "none": "No two columns share twelve rows or more, so nothing can be said.", 
        "first": "first in row {row}: {value}",
    },
    "zh": {
        "left": "列", "right": "相关的列", "statistic": "统计量", "value": "值", "interval": "95%区间", "n": "行数",
        "p": "校正p值", "kind": "性质", "within": "地区内", "on": "连接键", "problems": "未采用的值",
        "more": "共{all}对，显示{shown}对，按区间近零一端由强到弱排列。",
        "title": "什么与什么相关：{what}", "lag": "滞后期数", "given": "控制 {what}",
        "none": "没有两列共有十二行以上的数据，无法得出结论。", "first": "最先见于第{row}行：{value}",
        "left_out": "未比较的列", "same": "另有{n}对只是同一指标的两个名称（见 --format json）。",
    },
}  # fmt: skip


@dataclass
class Report:
    """What is told: the pairs, best first, and everything that was not used."""

    title: str
    rows: Sequence[Row]
    problems: Sequence[Problem] = ()
    left_out: Sequence[str] = ()
    notes: Sequence[str] = ()
    charts: dict[tuple[str, str], str] = field(default_factory=dict)
    language: str = field(default_factory=lambda: language())
    """`en` or `zh`."""


def language() -> str:
    """`zh` where the terminal speaks Chinese, else `en`."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if spoken.lower().startswith("zh") else "en"


def render(report: Report, form: str) -> str:
    """The report as `table`, `json` or `html`. Raises ValueError for another form."""
    if form not in SHOWN:
        raise ValueError(f"{form!r} is no format; choose table, json or html")
    if form == "json":
        return as_json(report)
    return as_table(report) if form == "table" else as_html(report)


def as_json(report: Report) -> str:
    """A list of objects, strongest first."""
    return json.dumps([_object(row) for row in report.rows[: SHOWN["json"]]], ensure_ascii=False, indent=1)


def _object(row: Row) -> dict[str, object]:
    told: dict[str, object] = {
        "left": row.left, "right": row.right, "statistic": row.statistic, "value": row.value, "low": row.low,
        "high": row.high, "n": row.n, "p_adjusted": row.p_adjusted, "p_adjusted_by": row.p_adjusted_by,
    }  # fmt: skip
    if row.lag is not None:
        told["lag"] = row.lag
    if row.given:
        told["given"] = list(row.given)
    if row.also:
        told["also"] = dict(row.also)
    if row.kind is not None:
        told |= {"kind": row.kind, "entities": row.entities}
    if row.joined_on:
        told["joined_on"] = row.joined_on
    if row.aggregation:
        told["aggregation"] = dict(row.aggregation)
    if row.within is not None:
        told["within"] = {"value": row.within.value, "low": row.within.low, "high": row.within.high}
    return told


def title(what: str, language: str) -> str:
    """The heading of a report about files."""
    return _WORDS[language]["title"].format(what=what)


def _kind(row: Row, language: str) -> str:
    words = KINDS.get(row.kind or "")
    return words["zh-hans" if language == "zh" else "en"] if words else (row.kind or "").replace("none", "")


def _cells(row: Row, language: str) -> list[str]:
    within = f"{row.within.value:+.2f}" if row.within else ""
    p = "<1e-300" if row.p_adjusted < 1e-300 else f"{row.p_adjusted:.2g}"
    interval = f"{row.low:+.2f} … {row.high:+.2f}"
    statistic = row.statistic
    if row.given:
        statistic += f" ({_WORDS[language]['given'].format(what=', '.join(row.given))})"
    lag = str(row.lag) if row.lag is not None else ""
    kind = _kind(row, language)
    return [row.left, row.right, statistic, lag, f"{row.value:+.3f}", interval, str(row.n), p, within, _on(row), kind]


def _on(row: Row) -> str:
    """How a pair was joined, where it is not simply by the keys as they stand."""
    hows = "; ".join(dict.fromkeys(row.aggregation.values()))
    return f"{row.joined_on}: {hows}" if hows else ""


def _heads(words: dict[str, str]) -> list[str]:
    order = ("left", "right", "statistic", "lag", "value", "interval", "n", "p", "within", "on", "kind")
    return [words[k] for k in order]


def as_table(report: Report) -> str:
    """Columns lined up for a terminal; names longer than forty characters are cut in the middle."""
    words = _WORDS[report.language]
    if not report.rows:
        return "\n".join([words["none"], *_used(report, words)])
    news = [row for row in report.rows if row.kind != "same-measure"] or list(report.rows)
    shown = [_cells(row, report.language) for row in news[: SHOWN["table"]]]
    lines = [_heads(words), *([_cut(c[0]), _cut(c[1]), *c[2:]] for c in shown)]
    keep = [k for k in range(len(lines[0])) if any(line[k] for line in lines[1:])]
    widths = {k: max(_width(line[k]) for line in lines) for k in keep}
    text = ["  ".join(line[k] + " " * (widths[k] - _width(line[k])) for k in keep).rstrip() for line in lines]
    more = words["more"].format(shown=len(shown), all=len(report.rows))
    if len(news) < len(report.rows):
        more += " " + words["same"].format(n=len(report.rows) - len(news))
    caution = CAUTION["zh-hans" if report.language == "zh" else "en"]
    return "\n".join([*text, "", more, caution, *_used(report, words)])


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if "\u2e80" <= c <= "\uffef" else 1 for c in text)


def _cut(text: str) -> str:
    return text if len(text) <= 44 else f"{text[:24]}…{text[-19:]}"


def _used(report: Report, words: dict[str, str]) -> list[str]:
    lines = [""] if report.problems or report.notes or report.left_out else []
    for p in report.problems[:40]:
        first = f" ({words['first'].format(row=p.row, value=repr(p.value))})" if p.row else ""
        lines.append(f"{words['problems']}: {p.file}.{p.column}: {p.count} × {p.what}{first}")
    if report.left_out:
        lines.append(
            f"{words['left_out']}: {', '.join(report.left_out[:30])}{' …' if len(report.left_out) > 30 else ''}"
        )
    return [*lines, *report.notes]


_STYLE = """
body{font:16px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;margin:2rem auto;
max-width:72rem;padding:0 1rem;color:#1f2933}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #cbd2d9}
figure{margin:2rem 0}img{max-width:100%}.caution{border-left:4px solid #0b4f8a;padding-left:1rem}
"""


def as_html(report: Report) -> str:
    """One page that needs nothing else: charts are inside it."""
    said = report.language
    words = _WORDS[said]
    lang = "zh-Hans" if said == "zh" else "en"
    e = html.escape
    head = "".join(f"<th scope=col>{e(h)}</th>" for h in _heads(words))
    body = "".join(
        "<tr>" + "".join(f"<td>{e(c)}</td>" for c in _cells(row, said)) + "</tr>"
        for row in report.rows[: SHOWN["html"]]
    )
    figures = "".join(_figure(a, b, svg) for (a, b), svg in report.charts.items())
    more = words["more"].format(shown=min(len(report.rows), SHOWN["html"]), all=len(report.rows))
    used = "".join(f"<li>{e(line)}</li>" for line in _used(report, words) if line)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if body else f"<p>{words['none']}</p>"
    caution = CAUTION["zh-hans" if said == "zh" else "en"]
    return (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{e(report.title)}</title><style>{_STYLE}</style><h1>{e(report.title)}</h1>"
        f'<p class="caution">{caution}</p><p>{more}</p>{table}{figures}<ul>{used}</ul></html>\n'
    )


def _figure(left: str, right: str, svg: str) -> str:
    name = f"{html.escape(left)} – {html.escape(right)}"
    inside = base64.b64encode(svg.encode()).decode()
    return (
        f'<figure><figcaption>{name}</figcaption><img alt="{name}" src="data:image/svg+xml;base64,{inside}"></figure>'
    )
