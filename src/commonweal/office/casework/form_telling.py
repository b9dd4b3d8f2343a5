"""What to do, in the words of the question: “Enter the date of birth, for example 31 3 2026” (pure)."""

from __future__ import annotations

import re

from commonweal.office.casework.form_numbers import EXAMPLES
from commonweal.office.casework.form_questions import Question
from commonweal.office.casework.form_showing import EXAMPLE_DAY, day_in_words
from commonweal.office.casework.form_words import is_chinese, say

_ASKING = re.compile(r"(who|what|when|where|which|why|how|do|does|did|is|are|will|would|have|has|can|may)\b", re.I)


def empty(question: Question, language: str) -> None:
    """Let an optional question be left empty. Raises ValueError with what to do for one that has to be answered."""
    if question.required:
        raise ValueError(enter(question, language))


def enter(question: Question, language: str) -> str:
    """The sentence for an answer that is missing or makes no sense."""
    if question.type == "boolean":
        return say(language, "yes-no")
    if question.options or question.type in ("code", "region"):
        return say(language, "choose")
    if question.type == "file":
        return say(language, "file")
    example = question.example
    if question.type == "integer":  # what is counted rarely reads well after “Enter the”
        return say(language, "whole", example=example or EXAMPLES["integer"])
    if question.type == "date":
        example = day_in_words(EXAMPLE_DAY, language, short=True)
        if _noun(question, language) is None:
            return say(language, "date", example=example)
    if _noun(question, language) is None:
        return say(language, "answer")
    if example:
        return say(language, "enter-example", the=the(question, language), example=example)
    return say(language, "enter", the=the(question, language))


def _noun(question: Question, language: str) -> str | None:
    """What is asked for as a noun, or None where the question is all there is."""
    noun = question.noun.say(language).strip()
    asking = noun.endswith(("?", "？")) or (not is_chinese(language) and _ASKING.match(noun))
    return None if asking or not noun else noun


def the(question: Question, language: str) -> str:
    """The noun as it stands within a sentence."""
    noun = _noun(question, language)
    if noun is None:
        return say(language, "this")
    if not is_chinese(language) and noun[1:2].islower():
        noun = noun[0].lower() + noun[1:]
    return say(language, "the", noun=noun)
