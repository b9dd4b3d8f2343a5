"""Registers in force."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonweal.core.declared import actions, queries
from commonweal.core.declared.actions import publish
from commonweal.core.declared.documents import pack
from commonweal.core.declared.models import Publication, ServiceVersion
from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.core.identity.actor import SYSTEM, Actor
from commonweal.core.journal.models import Event
from commonweal.register import Register
from tests.unit.register.small import FILES

pytestmark = [pytest.mark.room, pytest.mark.django_db]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small whole jurisdiction on disk."""
    place = tmp_path / "jurisdiction"
    for name, text in FILES.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    return place


def change(folder: Path, old: str, new: str) -> None:
    """Edit the one service."""
    path = folder / "services" / "open-restaurant.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_nothing_is_in_force_before_the_first_publication() -> None:
    with pytest.raises(Refused) as refusal:
        queries.current()
    assert refusal.value.code == "not-published"
    assert "commonweal setup" in refusal.value.message


def test_what_was_declared_is_in_force(folder: Path) -> None:
    publication = publish(SYSTEM, folder)
    assert publication.number == 1
    register = queries.current()
    assert isinstance(register, Register)
    assert register.hash == publication.register_hash
    version = queries.current_version("open-restaurant")
    assert version.bundle.service.id == "open-restaurant"
    assert version.hash == version.bundle.hash
    assert queries.version(version.hash) is version
    event = Event.objects.get()
    assert event.type == "register.published.v1"
    assert event.data["added"] == ["open-restaurant"]


def test_publishing_the_same_again_changes_nothing(folder: Path) -> None:
    first = publish(SYSTEM, folder)
    assert publish(SYSTEM, str(folder)).number == first.number
    assert publish(SYSTEM, queries.current()).number == first.number
    assert (Publication.objects.count(), Event.objects.count(), ServiceVersion.objects.count()) == (1, 1, 1)


def test_a_case_keeps_the_version_it_began_with(folder: Path) -> None:
    publish(SYSTEM, folder)
    before = queries.current_version("open-restaurant")
    change(folder, "Open a restaurant", "Open an eating place")
    publication = publish(SYSTEM, folder)
    after = queries.current_version("open-restaurant")
    assert (publication.number, publication.plan["changed"]) == (2, ["open-restaurant"])
    assert after.hash != before.hash
    assert after.bundle.service.name.say("en") == "Open an eating place"
    queries.version.cache_clear()
    assert queries.version(before.hash).bundle == before.bundle
    change(folder, "Open an eating place", "Open a restaurant")
    publish(SYSTEM, folder)
    assert queries.current_version("open-restaurant").hash == before.hash
    assert ServiceVersion.objects.count() == 2, "what was published before is not kept twice"


def test_faults_refuse_the_whole(folder: Path) -> None:
    publish(SYSTEM, folder)
    change(folder, "by: one-stop-centre/clerk", "by: one-stop-centre/clark")
    with pytest.raises(Refused) as refusal:
        publish(SYSTEM, folder)
    assert refusal.value.code == "faults"
    assert refusal.value.params["faults"][0].suggestion == "one-stop-centre/clerk"
    assert "commonweal check" in refusal.value.message
    assert (Publication.objects.count(), Event.objects.count()) == (1, 1)
    with pytest.raises(Refused):
        publish(SYSTEM, folder / "nowhere")


def test_only_an_operator_publishes(folder: Path) -> None:
    with pytest.raises(NotAllowed):
        publish(Actor("staff", "P-A", "Ana"), folder)


def test_half_a_publication_does_not_happen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(actions, "record", fail)
    with pytest.raises(ZeroDivisionError):
        publish(SYSTEM, folder)
    assert not Publication.objects.exists()
    assert not ServiceVersion.objects.exists()
    with pytest.raises(Refused):
        queries.current()


def test_unknown_services_and_versions_are_refused(folder: Path) -> None:
    publish(SYSTEM, folder)
    with pytest.raises(NotAllowed) as refusal:
        queries.current_version("open-restorant")
    assert refusal.value.code == "no-such-service"
    with pytest.raises(NotAllowed):
        queries.version("0" * 64)


def test_another_process_is_noticed_within_a_second_and_asked_no_more_often(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [1000.0]
    monkeypatch.setattr(queries.time, "monotonic", lambda: moment[0])
    publish(SYSTEM, folder)
    first = queries.current()
    monkeypatch.setattr(actions, "forget", lambda: None)
    change(folder, "Open a restaurant", "Open an eating place")
    publish(SYSTEM, folder)
    with CaptureQueriesContext(connection) as asked:
        assert queries.current() is first
    assert len(asked) == 0
    moment[0] += 1.1
    assert queries.current().services["open-restaurant"].name.say("en") == "Open an eating place"
    moment[0] += 1.1
    with CaptureQueriesContext(connection) as asked:
        queries.current()
    assert len(asked) == 1


def test_publications_are_listed_newest_first(folder: Path) -> None:
    names = ["Open a restaurant", "Open an eating place", "Open an inn"]
    publish(SYSTEM, folder)
    for before, after in pairwise(names):
        change(folder, before, after)
        publish(SYSTEM, folder)
    page = queries.publications(limit=2)
    assert [row.number for row in page.rows] == [3, 2]
    rest = queries.publications(page.next, limit=2)
    assert [row.number for row in rest.rows] == [1]
    assert rest.next is None
    assert rest.rows[0].plan["added"] == ["open-restaurant"]
    with pytest.raises(Invalid):
        queries.publications("WyJ4Il0")


def test_declarations_changed_behind_the_platforms_back_are_refused(folder: Path) -> None:
    publish(SYSTEM, folder)
    hash = Publication.objects.get().services["open-restaurant"]
    queries.version.cache_clear()
    ServiceVersion.objects.update(document=pack("{}"))
    with pytest.raises(Refused) as refusal:
        queries.version(hash)
    assert refusal.value.code == "damaged"
    Publication.objects.update(document=b"nonsense")
    with pytest.raises(Refused) as refusal:
        queries.current()
    assert refusal.value.code == "damaged"
