"""Acts a second of the case engine beside SpiffWorkflow; each loads its state from JSON and saves it around each act.

Both run the same service in one process, turn about: accept, then three departments side by side, a join, a fee, an
output. SpiffWorkflow runs it as BPMN with its own serializer: once as its documentation shows, once with its
specification kept in memory, which is quicker. It counts no deadlines and checks no posts; ours does both. Neither
writes to a database.
"""

from __future__ import annotations

import io
import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter, WorkflowConverter
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from commonweal.core.identity.actor import Seat
from commonweal.office.casework.engine import Act, CaseState, apply, begin
from commonweal.register import ServiceBundle
from commonweal.register.models import KINDS

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
ROUNDS = 15
NAME = {"en": "Something", "zh-hans": "某事"}
DECLARED: list[dict[str, Any]] = [
    {"kind": "Jurisdiction", "id": "pond", "languages": ["en", "zh-hans"], "currency": "EUR", "country_calendar": "EE"},
    {"kind": "Region", "id": "north", "level": "county"},
    {"kind": "PublicOrganisation", "id": "hall", "level": "county"},
    {"kind": "Post", "id": "hall/clerk", "organisation": "hall"},
    {
        "kind": "PublicService",
        "id": "licence",
        "authority": "hall",
        "form": [{"id": "area", "type": "integer", "label": NAME}],
        "steps": [
            {"id": "accept", "by": "hall/clerk", "allow": ["accept", "return"], "deadline": "P1D"},
            {"id": "licence", "by": "hall/clerk", "after": ["accept"], "deadline": "P3D"},
            {"id": "fire", "by": "hall/clerk", "after": ["accept"], "when": "form.area >= 300", "deadline": "P5D"},
            {"id": "signage", "by": "hall/clerk", "after": ["accept"], "deadline": "P2D"},
            {"id": "fee", "pay": ["base"], "after": ["licence", "fire", "signage"]},
            {"id": "issue", "output": "paper", "after": ["fee"]},
        ],
        "deadline": {"total": "P7D"},
        "cost": [{"id": "base", "amount": "200.00"}],
        "outputs": [{"id": "paper", "name": NAME}],
    },
]
ANSWERS = {"form.area": 350}
CLERK = Seat("hall/clerk", "north")
ACTS = (
    Act("accept", "accept", CLERK, actor="staff:P-1"),
    Act("approve", "licence", CLERK, actor="staff:P-1"),
    Act("approve", "fire", CLERK, actor="staff:P-2"),
    Act("approve", "signage", CLERK, actor="staff:P-3"),
    Act("pay", "fee", actor="system:worker"),
    Act("issue", "issue", actor="system:worker"),
)
STEPS = tuple(str(act.step) for act in ACTS)


def ours(bundle: ServiceBundle) -> tuple[int, int]:
    """One case from its beginning to its end. Returns how many acts it took and the largest state in bytes."""
    state, _ = begin(bundle, ANSWERS, "north", NOW)
    written, largest = json.dumps(state.to_dict()), 0
    for act in ACTS:
        state, _ = apply(bundle, CaseState.from_dict(json.loads(written)), act, ANSWERS, NOW)
        written = json.dumps(state.to_dict())
        largest = max(largest, len(written))
    assert state.outcome == "granted"
    return len(ACTS), largest


def bpmn() -> str:
    """The same steps as BPMN 2.0."""
    flows, nodes = [], []

    def flow(source: str, target: str, condition: str = "") -> None:
        name = f"f{len(flows)}"
        inner = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
        flows.append(
            f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'
        )

    nodes += ['<bpmn:startEvent id="start"/>', '<bpmn:endEvent id="end"/>']
    nodes += ['<bpmn:parallelGateway id="split"/>', '<bpmn:parallelGateway id="join"/>']
    nodes += ['<bpmn:exclusiveGateway id="large" default="f6"/>', '<bpmn:exclusiveGateway id="merge"/>']
    nodes += [f'<bpmn:manualTask id="{step}" name="{step}"/>' for step in STEPS]
    flow("start", "accept")
    flow("accept", "split")
    flow("split", "licence")
    flow("split", "large")
    flow("split", "signage")
    flow("large", "fire", "area &gt;= 300")
    flow("large", "merge")
    flow("fire", "merge")
    for step in ("licence", "merge", "signage"):
        flow(step, "join")
    flow("join", "fee")
    flow("fee", "issue")
    flow("issue", "end")
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="commonweal">'
        f'<bpmn:process id="licence-process" isExecutable="true">{"".join(nodes)}{"".join(flows)}</bpmn:process>'
        "</bpmn:definitions>"
    )


class StateAlone(BpmnWorkflowConverter):
    """Writes and reads the state of a workflow without its specification, which a server would keep in memory."""

    spec: Any = None

    def to_dict(self, workflow: BpmnWorkflow) -> dict[str, Any]:
        """The workflow without its specification."""
        written = WorkflowConverter.to_dict(self, workflow)
        return written | {"subprocesses": {}, "bpmn_events": self.registry.convert(workflow.bpmn_events)}

    def from_dict(self, written: dict[str, Any]) -> BpmnWorkflow:
        """The workflow with the specification kept."""
        return super().from_dict(written | {"spec": self.spec, "subprocess_specs": {}})


def theirs_of(converter: type[BpmnWorkflowConverter]) -> Callable[[], tuple[int, int]]:
    """The peer, made ready: its process parsed, its serializer configured."""
    parser = BpmnParser()
    parser.add_bpmn_io(io.BytesIO(bpmn().encode()))
    spec = StateAlone.spec = parser.get_spec("licence-process")
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure({**DEFAULT_CONFIG, BpmnWorkflow: converter}))
    save, load = serializer.serialize_json, serializer.deserialize_json

    def theirs() -> tuple[int, int]:
        workflow = BpmnWorkflow(spec)
        workflow.data["area"] = 350
        workflow.task_tree.data["area"] = 350
        workflow.do_engine_steps()
        written, largest = save(workflow), 0
        for step in STEPS:
            workflow = load(written)
            task = next(t for t in workflow.get_tasks(state=TaskState.READY) if t.task_spec.name == step)
            task.run()
            workflow.do_engine_steps()
            written = save(workflow)
            largest = max(largest, len(written))
        assert workflow.completed
        return len(STEPS), largest

    return theirs


def rate(work: Callable[[], tuple[int, int]], seconds: float) -> float:
    """Acts a second of processor time, over at least so many seconds."""
    done, start = 0, time.process_time()
    while (spent := time.process_time() - start) < seconds:
        done += work()[0]
    return done / spent


def main() -> None:
    """Measure turn about and print the table."""
    bundle = ServiceBundle.of(KINDS[each["kind"]].model_validate({"name": NAME, **each}) for each in DECLARED)
    whole, alone = theirs_of(BpmnWorkflowConverter), theirs_of(StateAlone)
    works = {
        "Commonweal": lambda: ours(bundle),
        "SpiffWorkflow, as documented (state and specification)": whole,
        "SpiffWorkflow, its specification kept in memory": alone,
    }
    sizes = [work()[1] for work in works.values()]
    rounds = [[rate(work, 0.4) for work in works.values()] for _ in range(ROUNDS)]
    ratios = [[row[0] / other for other in row] for row in rounds]
    print("| engine | acts a second | microseconds an act | ours to theirs | largest state, bytes |")
    print("|---|---:|---:|---:|---:|")
    for place, (name, size) in enumerate(zip(works, sizes, strict=True)):
        acts = statistics.median(row[place] for row in rounds)
        ratio = statistics.median(row[place] for row in ratios)
        print(f"| {name} | {acts:,.0f} | {1e6 / acts:,.1f} | {ratio:.1f} × | {size:,} |")
    print(f"\nMedians of {ROUNDS} rounds, turn about. Aim: at least 30 × the quicker of the two.")


if __name__ == "__main__":
    main()
