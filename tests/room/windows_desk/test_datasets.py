"""The pages of a dataset: what its publisher has to mend, how it was, where it leads."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from commonweal.core import clock
from commonweal.core.declared.actions import publish
from commonweal.core.identity.actions import add_person, appoint
from commonweal.core.identity.actor import SYSTEM
from commonweal.knowledge.lake.actions import collect
from commonweal.knowledge.lake.models import Collection
from tests.room.lake.conftest import write

pytestmark = [pytest.mark.room, pytest.mark.django_db]
POSTS = """
- {kind: PublicOrganisation, id: police, level: province, name: {en: Police, zh-hans: 警察局}}
- {kind: Post, id: statistics/officer, organisation: statistics, name: {en: Data officer, zh-hans: 数据专员}}
- {kind: Post, id: police/officer, organisation: police, name: {en: Officer, zh-hans: 警员}}
"""
HEAD = "code,pupils,changed\n"


@pytest.fixture
def office(tmp_path: Path, settings: Any) -> Path:
    """A jurisdiction whose statistics office publishes a file with two bad rows of four."""
    folder = write(tmp_path / "jurisdiction", "{type: file, path: schools.csv}", POSTS)
    declared = folder / "all.yaml"
    declared.write_text(declared.read_text().replace("  currency: CNY", "  currency: CNY\n  staff_assurance: low"))
    settings.JURISDICTION = folder
    publish(SYSTEM, folder)
    file = folder / "schools.csv"
    file.write_text(HEAD + "S1,10,2026-01-01\nS2,many,2026-01-01\nS3,-5,2026-01-01\nS4,7,2026-01-01\n")
    collect("schools")
    return file


def browser(post: str) -> Client:
    person = add_person(SYSTEM, post.replace("/", "-"), post, password="a long enough password")
    appoint(SYSTEM, person, post, "testland")
    signed = Client()
    signed.force_login(person)
    return signed


def test_the_publisher_finds_what_to_mend_and_another_office_does_not(office: Path) -> None:
    mine = browser("statistics/officer")
    assert "2 rows of 4 were set aside" in mine.get("/desk/mend").content.decode()
    assert "Data your office has to mend" in mine.get("/desk/datasets").content.decode()
    page = mine.get("/desk/datasets/schools/mend").content.decode()
    assert "many" in page
    assert "This is not a number" in page
    csv = b"".join(mine.get("/desk/datasets/schools/mend.csv").streaming_content).decode("utf-8-sig")
    assert csv.splitlines()[0] == "row,column,value,reason"
    assert len(csv.splitlines()) == 3
    other = browser("police/officer")
    assert "Nothing to mend" in other.get("/desk/mend").content.decode()
    assert "mend-title" not in other.get("/desk/datasets/schools").content.decode()


def test_it_goes_away_when_the_file_is_mended_and_the_trend_stays(office: Path) -> None:
    office.write_text(HEAD + "S1,10,2026-01-01\nS2,12,2026-01-01\n")
    collect("schools")
    mine = browser("statistics/officer")
    assert "Nothing to mend" in mine.get("/desk/mend").content.decode()
    page = mine.get("/desk/datasets/schools").content.decode()
    assert "Quality over time" in page
    assert "50%" in page
    assert "<svg" in page


def test_a_dataset_is_seen_and_taken_home_as_it_stood(office: Path) -> None:
    past = clock.now() - timedelta(days=40)
    Collection.objects.update(started=past, finished=past)
    office.write_text(HEAD + "S1,99,2026-01-01\n")
    collect("schools")
    mine = browser("statistics/officer")
    day = (past + timedelta(days=3)).date().isoformat()
    page = mine.get(f"/desk/datasets/schools?as_of={day}").content.decode()
    assert "as it stood" in page
    assert "<td>S4</td>" in page
    then = b"".join(mine.get(f"/desk/datasets/schools/download?as_of={day}").streaming_content).decode("utf-8-sig")
    assert then.count("\n") == 3
    assert "99" not in then
    now = mine.get("/desk/datasets/schools").content.decode()
    assert "<td>99</td>" in now
    before = (past - timedelta(days=3)).date().isoformat()
    assert "Nothing had been collected" in mine.get(f"/desk/datasets/schools?as_of={before}").content.decode()
    assert mine.get(f"/desk/datasets/schools/download?as_of={before}").status_code == 404
    assert mine.get("/desk/datasets/schools?as_of=yesterday").status_code in (400, 422)


def test_a_running_collection_is_said(office: Path) -> None:
    Collection.objects.create(dataset="schools", started=clock.now())
    page = browser("statistics/officer").get("/desk/datasets/schools").content.decode()
    assert "A collection has been under way since" in page


@pytest.mark.parametrize("path", ["/desk/mend", "/desk/datasets/schools", "/desk/datasets/schools/mend"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_are_light_and_ask_little(
    office: Path, path: str, language: str, django_assert_max_num_queries: Any
) -> None:
    mine = browser("statistics/officer")
    mine.cookies["django_language"] = language
    mine.get(path)
    with django_assert_max_num_queries(30):
        page = mine.get(path).content.decode()
    assert len(page.encode()) < 100_000
    assert "style=" not in page
