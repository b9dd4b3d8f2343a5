"""The schema and the pages are what the types say, and accept what an author writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from commonweal.register import commands
from commonweal.register.models import KINDS
from commonweal.register.reference import faults_markdown, reference_markdown
from commonweal.register.schema import json_schema
from tests.unit.register import small

ROOT = Path(small.__file__).parents[3]


@pytest.mark.parametrize(("page", "text"), [("register", reference_markdown()), ("register-faults", faults_markdown())])
def test_the_committed_page_is_what_the_types_say(page: str, text: str) -> None:
    assert (ROOT / "docs" / "reference" / f"{page}.md").read_text() == text


def test_every_key_is_explained() -> None:
    assert [
        line for line in reference_markdown().splitlines() if line.startswith("| `") and line.endswith("|  |")
    ] == []


def plain(text: str) -> Any:
    """YAML as an editor reads it: dates are strings, numbers are numbers."""
    return json.loads(json.dumps(yaml.load(text, yaml.CSafeLoader), default=str))


@pytest.mark.parametrize("text", small.FILES.values(), ids=small.FILES)
def test_the_schema_accepts_what_is_right(text: str) -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(plain(text))) == []


@pytest.mark.parametrize(
    "text", ["kind: Regoin\nid: a", "id: a", "{kind: Region, id: a, level: county, name: {en: A}, colour: red}", "[3]"]
)
def test_the_schema_refuses_what_is_wrong(text: str) -> None:
    assert list(jsonschema.Draft202012Validator(json_schema()).iter_errors(plain(text)))


def test_the_command_prints_the_schema_of_every_kind() -> None:
    assert set(KINDS) <= set(json.loads(commands.schema())["$defs"])
