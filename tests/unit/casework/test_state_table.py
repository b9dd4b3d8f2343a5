"""The state table in docs/explanation/case-engine.md is what the engine does, cell by cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from commonweal.office.casework.engine import Act, CaseState, IllegalAct, apply
from commonweal.register import ServiceBundle
from tests.unit.casework.small import CLERK, FIRE, NOW, bundle, do, opened

DOCUMENT = Path(__file__).parents[3] / "docs" / "explanation" / "case-engine.md"
NO = {"form.never": False}


def service(**more: Any) -> ServiceBundle:
    """A worked, a paying and an issuing step that stand alike, beside another department's step."""
    mine: list[dict[str, Any]] = [
        {"id": "work", "by": "hall/clerk"},
        {"id": "fee", "pay": ["base"]},
        {"id": "paper", "output": "licence"},
    ]
    return bundle(
        [{"id": "other", "by": "fire/inspector"}, *({**step, **more} for step in mine)],
        form=[{"id": "never", "type": "boolean", "label": {"en": "Never", "zh-hans": "从不"}}],
        cost=[{"id": "base", "amount": 5}],
    )


READY, LATER, NEVER = service(), service(after=["other"]), service(when="form.never")
FRESH = opened(READY)
ALL_DONE = do(READY, do(READY, do(READY, FRESH, "approve", "work"), "pay", "fee"), "issue", "paper")
STANDS: dict[str, tuple[ServiceBundle, CaseState]] = {
    "waiting for the steps before it": (LATER, opened(LATER)),
    "ready": (READY, FRESH),
    "ready, and it requested information": (READY, do(READY, FRESH, "request-information", "work")),
    "ready, while another step requested information": (READY, do(READY, FRESH, "request-information", "other", FIRE)),
    "ready, while the case is returned for correction": (READY, do(READY, FRESH, "return", "other", FIRE)),
    "done": (READY, ALL_DONE),
    "skipped": (NEVER, opened(NEVER, NO)),
    "closed case": (READY, do(READY, FRESH, "withdraw")),
}
ACTS: dict[str, Act] = {
    "accept, approve, refuse": Act("approve", "work", CLERK),
    "return, request information": Act("return", "work", CLERK, note="because"),
    "pay": Act("pay", "fee"),
    "issue": Act("issue", "paper"),
    "supply": Act("supply"),
    "withdraw": Act("withdraw"),
}


def cell(of: ServiceBundle, state: CaseState, act: Act) -> str:
    """Yes, or the code of the refusal."""
    try:
        apply(of, state, act, NO, NOW)
    except IllegalAct as refused:
        return f"`{refused.code}`"
    return "yes"


def table() -> str:
    """The table, as Markdown."""
    lines = [f"| the step is | {' | '.join(ACTS)} |", f"|---|{'---|' * len(ACTS)}"]
    for name, (of, state) in STANDS.items():
        lines.append(f"| {name} | {' | '.join(cell(of, state, act) for act in ACTS.values())} |")
    return "\n".join(lines)


def test_the_document_says_what_the_engine_does() -> None:
    assert table() in DOCUMENT.read_text(encoding="utf-8"), f"docs/explanation/case-engine.md should have:\n\n{table()}"
