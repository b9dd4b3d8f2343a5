"""The events this room emits, typed and versioned. `data` never holds personal data; that goes beside the event.

Subjects are `application:A-…` and `case:C-…`; all are about the applicant. Moments are ISO 8601 in UTC.
"""

from __future__ import annotations

from typing import Final

APPLICATION_STARTED: Final = "casework.application-started.v1"
"""data: application, services [{service, version}], event, language, channel."""
DRAFT_SAVED: Final = "casework.draft-saved.v1"
"""data: application, revision, keys (questions answered anew)."""
DRAFT_REFRESHED: Final = "casework.draft-refreshed.v1"
"""data: application, revision, services [{service, version}], dropped (keys)."""
DRAFT_DISCARDED: Final = "casework.draft-discarded.v1"
"""data: application; unchanged_since, files where it was erased because nobody went on with it."""
FILE_ATTACHED: Final = "casework.file-attached.v1"
"""data: application, attachment, key, sha256, media_type, size."""
FILE_DETACHED: Final = "casework.file-detached.v1"
"""data: application, attachment, key, sha256."""
APPLICATION_SUBMITTED: Final = "casework.application-submitted.v1"
"""data: application, services [{service, version, case}], event, language, channel. personal: answers."""
CASE_OPENED: Final = "casework.case-opened.v1"
"""data: case, application, service, version, organisation (authority), branch (its region), region (where the case
is about), opened, due (or null), steps (those ready)."""
STEP_DECIDED: Final = "casework.step-decided.v1"
"""One decision of one post, return and request included; also what was deemed approved (act `deemed-approved`).

data: case, service, step, organisation, post, region (branch), place (where the case is about), act, outcome, since,
due, at, overdue, escalated, working_days (worked days from since to at), revision, opened (steps now ready), ask
(keys asked back). personal: note."""
STEP_ESCALATED: Final = "casework.step-escalated.v1"
"""data: case, service, step, organisation, post, region, to (posts), since, due, at."""
STEP_OVERDUE: Final = "casework.step-overdue.v1"
"""A step passed its deadline; said once. data: as step-escalated, without to."""
ANSWER_SUPPLIED: Final = "casework.answer-supplied.v1"
"""The applicant answered a return or a request. data: case, service, keys, revision, steps.

personal: answers, message."""
PAYMENT_RECEIVED: Final = "casework.payment-received.v1"
"""data: case, service, step, order, revision."""
OUTPUT_ISSUED: Final = "casework.output-issued.v1"
"""data: case, service, output, number, valid_until."""
CASE_CLOSED: Final = "casework.case-closed.v1"
"""data: case, service, organisation, branch, region, outcome (granted, refused, withdrawn), opened, at, due,
working_days (worked days from opened to at), revision. personal: reason."""
CASE_VIEWED: Final = "casework.case-viewed.v1"
"""An official read a person's case; at most once for each official, case and day.

data: case, service, organisation, post, region."""
FILE_READ: Final = "casework.file-read.v1"
"""An official opened a file of a person. data: case, attachment, key, organisation, post, region."""
TASK_TAKEN: Final = "casework.task-taken.v1"
TASK_PUT_BACK: Final = "casework.task-put-back.v1"
"""data: case, service, step, organisation, post, region."""

CASE_FORGOTTEN = "casework.case-forgotten.v1"
"""What a case held was erased. Data: case, service, closed, retention, legal (the article), kept_until, and how much:
files, documents (signed), personal (events whose personal data went)."""

CASE_HELD = "casework.case-held.v1"
"""A case is kept beyond its declared time. Data: case; personal: reason."""

CASE_RELEASED = "casework.case-released.v1"
"""A hold was lifted. Data: case."""
