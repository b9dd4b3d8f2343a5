"""The engine of a case: pure functions from a state and an act to the next state and what happened.

No database, no clock, no chance: the service version, the answers and the moment are passed in, so that the same
acts make the same case anywhere and for ever.
"""

from __future__ import annotations

from commonweal.office.casework.engine.acts import STAFF, Act, ActKind, IllegalAct, StaffKind
from commonweal.office.casework.engine.happenings import (
    CaseClosed,
    Escalated,
    Happening,
    IssueDue,
    Overdue,
    Paused,
    PaymentDue,
    Resumed,
    StepCancelled,
    StepDecided,
    StepReady,
    StepSkipped,
    StepWaits,
)
from commonweal.office.casework.engine.running import allowed, apply, begin, next_due, tick
from commonweal.office.casework.engine.state import CaseState, Pause, Steps, StepState

__all__ = [
    "STAFF", "Act", "ActKind", "CaseClosed", "CaseState", "Escalated", "Happening", "IllegalAct", "IssueDue",
    "Overdue", "Pause", "Paused", "PaymentDue", "Resumed", "StaffKind", "StepCancelled", "StepDecided", "StepReady",
    "StepSkipped", "StepState", "StepWaits", "Steps", "allowed", "apply", "begin", "next_due", "tick",
]  # fmt: skip
