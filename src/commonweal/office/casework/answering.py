"""Taking answers in: only what is asked, in the form it is asked for, with a sentence for what does not fit (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from commonweal.office.casework.form import Question, parse, questions
from commonweal.register import ServiceBundle

PAPER = "evidence."
"""Papers that prove a requirement are handed in under `evidence.<evidence type>`."""
NOT_ASKED = {"en": "This is not asked here", "zh-hans": "此处不需要填写这一项"}
NEEDED = {"en": "Answer this question", "zh-hans": "请填写这一项"}


@dataclass(slots=True)
class Taken:
    """Answers after some came in: all of them, the keys that changed, what is wrong, and which are files."""

    answers: dict[str, Any]
    changed: set[str] = field(default_factory=set)
    wrong: dict[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    def refuse(self, key: str, sentence: str, before: Any) -> None:
        """Put the answer before back, and say what is wrong with the new one."""
        self.wrong[key] = sentence
        self.changed.discard(key)
        if before is None:
            self.answers.pop(key, None)
        else:
            self.answers[key] = before


def take(
    bundles: Sequence[ServiceBundle], known: Mapping[str, Any], raw: Mapping[str, Any], day: date, language: str
) -> Taken:
    """The answers known with `raw` ones added. None takes an answer back; an empty text of an optional question too.

    An answer may open further questions that are answered in the same breath, so this goes on until nothing moves.
    What is left was never asked.
    """
    taken, left = Taken(dict(known)), dict(raw)
    for key in [key for key, value in raw.items() if value is None]:
        del left[key]
        if taken.answers.pop(key, None) is not None:
            taken.changed.add(key)
    while left:
        asked = {question.key: question for question in questions(bundles, taken.answers, day)}
        now = [key for key in left if key in asked]
        if not now:
            break
        for key in now:
            _one(taken, asked[key], left.pop(key), language)
    taken.wrong |= {key: say(NOT_ASKED, language) for key in left}
    return taken


def _one(taken: Taken, question: Question, raw: Any, language: str) -> None:
    before = taken.answers.get(question.key)
    try:
        value = parse(question, raw, language)
    except ValueError as problem:
        taken.wrong[question.key] = str(problem)
        return
    if value is None:
        if taken.answers.pop(question.key, None) is not None:
            taken.changed.add(question.key)
        return
    if question.type == "file":
        taken.files = (*taken.files, question.key)
    taken.answers[question.key] = value
    if value != before:
        taken.changed.add(question.key)


def complete(
    bundles: Sequence[ServiceBundle], answers: Mapping[str, Any], day: date, language: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers that count, each read once more, and what is missing or wrong.

    Answers to questions that are no longer asked are left out.
    """
    asked = questions(bundles, answers, day)
    kept: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for question in asked:
        if question.key not in answers:
            if question.required:
                wrong[question.key] = say(NEEDED, language)
            continue
        try:
            kept[question.key] = parse(question, answers[question.key], language)
        except ValueError as problem:
            wrong[question.key] = str(problem)
    return kept, wrong


def file_questions(bundles: Sequence[ServiceBundle]) -> frozenset[str]:
    """The questions that a file answers."""
    return frozenset(
        each.key
        for bundle in bundles
        for each in bundle.service.form
        if (each.type or _element_type(bundle, each.key)) == "file"
    )


def _element_type(bundle: ServiceBundle, key: str) -> str | None:
    element = bundle.elements.get(key)
    return element.type if element is not None else None


def takes_paper(bundles: Sequence[ServiceBundle], key: str) -> bool:
    """Whether `key` names a paper that may be handed in for a requirement of one of the services."""
    name = key.removeprefix(PAPER)
    return key.startswith(PAPER) and any(
        name in requirement.evidence_any and name in bundle.evidence and bundle.evidence[name].upload
        for bundle in bundles
        for requirement in bundle.service.requirements
    )


def say(words: Mapping[str, str], language: str) -> str:
    """The sentence in Chinese where the language is Chinese, else in English."""
    return words["zh-hans" if language.startswith("zh") else "en"]
