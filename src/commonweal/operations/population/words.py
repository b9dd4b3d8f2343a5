"""What officials and applicants write to each other, in the language of the application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

OFFICIAL: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en": {
        "refuse": (
            "The place may not be used for this under the plan in force. You may appeal within thirty days.",
            "What was found on the spot differs from what was declared in points that cannot be mended.",
        ),
        "return": (
            "Please correct the marked answer; it does not match what the register shows.",
            "The marked answer is not clear enough to decide. Please say it again in full.",
        ),
        "request-information": (
            "Please tell us more about the marked point, so that we can decide without a second visit.",
            "One detail is missing. Your other answers are being looked at meanwhile.",
        ),
    },
    "zh-hans": {
        "refuse": (
            "该场所的规划用途不符合要求。如有异议，可在三十日内申请复核。",
            "现场情况与申报内容不符，且无法整改。",
        ),
        "return": ("请更正已标出的内容，与登记信息不一致。", "已标出的内容不够清楚，请完整填写后重新提交。"),
        "request-information": ("请就已标出的事项补充说明，以便一次办结。", "还缺一项信息，其他内容已在同步审查。"),
    },
}
APPLICANT: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en": {
        "supply": ("I have corrected it.", "Here is what you asked for."),
        "withdraw": ("My plans have changed.", "I will apply again later."),
    },
    "zh-hans": {"supply": ("已更正，请查收。", "补充如上。"), "withdraw": ("计划有变，暂不办理。", "以后再申请。")},
}


def official(act: str, language: str, chance: Random) -> str:
    """A note for a refusal, return or request; empty for what needs none."""
    notes = OFFICIAL[_known(language)].get(act, ())
    return chance.choice(notes) if notes else ""


def applicant(act: str, language: str, chance: Random) -> str:
    """What the applicant says."""
    return chance.choice(APPLICANT[_known(language)][act])


def _known(language: str) -> str:
    return "zh-hans" if language.startswith("zh") else "en"
