"""The invented people one can sign in as on a demo."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from commonweal.core import clock
from commonweal.core.identity import queries as identity
from commonweal.windows.look import jurisdiction

DEMO_PASSWORD = "riverland-demo"  # noqa: S105 - shown on the page: demo people are public by intent


@dataclass(frozen=True, slots=True)
class Persona:
    """A name to sign in with, and what the person does."""

    username: str
    name: str
    seats: tuple[str, ...]


def demo_people() -> list[Persona]:
    """Demo people in the order they were added, with their seats in the reader's language."""
    register = jurisdiction.register_in_force()
    language = get_language() or "en"
    now = clock.now()

    def seat(post: str, region: str) -> str:
        if register is None or post not in register.posts or region not in register.regions:
            return f"{post} · {region}"
        where, what = register.regions[region].name, register.posts[post]
        who = register.organisations[what.organisation].name
        return f"{what.name.say(language)} · {who.say(language)}, {where.say(language)}"

    return [
        Persona(
            person.username,
            person.name,
            tuple(
                seat(held.post, held.region)
                for held in person.holdings.all()
                if held.since <= now and (held.until is None or held.until > now)
            ),
        )
        for person in identity.demo_personas()
    ]
