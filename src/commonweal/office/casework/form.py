"""The form of one or several services: what is asked, how an answer is read and shown, and who is eligible (pure).

This is the door. `form_questions` asks, `form_parsing` reads (with `form_dates` and `form_numbers`), `form_showing`
shows, `form_eligibility` judges, and `form_telling` says what to do in the words of `form_words`.
"""

from __future__ import annotations

from commonweal.office.casework.form_eligibility import RequirementState, eligibility
from commonweal.office.casework.form_parsing import parse
from commonweal.office.casework.form_questions import Question, questions
from commonweal.office.casework.form_showing import format_value

__all__ = ["Question", "RequirementState", "eligibility", "format_value", "parse", "questions"]
