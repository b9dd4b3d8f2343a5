"""Reads for windows and for the rooms above. Every row comes through `access`."""

from __future__ import annotations

from django.utils.translation import get_language

from commonweal.core import pages
from commonweal.core.errors import Invalid, NotAllowed
from commonweal.core.identity import queries as identity
from commonweal.core.identity.actor import Actor
from commonweal.core.pages import Page
from commonweal.office.signing import access, engine, proof, shelf, spoken
from commonweal.office.signing.models import Place, Round
from commonweal.office.signing.views import PlaceRow, RoundRow, RoundView
from commonweal.register.models import Text


def round_view(actor: Actor, ref: str) -> RoundView:
    """A document and who has signed it. Raises NotAllowed."""
    return _view(access.round_for(actor, ref), actor)


def mine(actor: Actor, cursor: str | None = None, limit: int = 20) -> Page[RoundRow]:
    """The documents a person signs or signed, the newest first. Raises Invalid for a bad cursor."""
    rows = Place.objects.filter(access.mine(actor)).select_related("round__opener").order_by("-id")
    if cursor:
        (before,) = pages.decode(cursor, 1)
        if not isinstance(before, int):
            raise Invalid({"cursor": "Start again from the first page"})
        rows = rows.filter(id__lt=before)
    return pages.page(list(rows[: limit + 1]), limit, lambda each: (each.id,)).map(_row)


def waiting(actor: Actor) -> int:
    """How many documents wait for this person's hand (100 at most)."""
    open_ones = Place.objects.filter(access.mine(actor), status=Place.WAITING, round__status=Round.OPEN)
    return len(open_ones.values_list("pk")[:100])


def document(actor: Actor, ref: str) -> bytes:
    """The PDF to be signed, as it was made. Raises NotAllowed, Refused `document-damaged`."""
    return shelf.get(access.round_for(actor, ref).document)


def sealed(actor: Actor, ref: str) -> bytes:
    """The sealed PDF with the signatures' proof. Raises NotAllowed until there is one, Refused `document-damaged`."""
    return _sealed(access.round_for(actor, ref))


def of_subject(subject: str, actor: Actor | None = None) -> RoundView | None:
    """The newest round of something a room above has let the reader see; None where there is none."""
    found = Round.objects.filter(subject=subject).order_by("-id").first()
    return _view(found, actor) if found else None


def sealed_of_subject(subject: str) -> bytes:
    """The sealed PDF of something a room above has let the reader see. Raises NotAllowed, Refused."""
    found = Round.objects.filter(subject=subject, status=Round.SEALED).order_by("-id").first()
    if found is None:
        raise access.nothing()
    return _sealed(found)


def standing(subject: str) -> Round | None:
    """The round of a subject that still counts, for rooms: open, or signed by all."""
    return Round.objects.filter(subject=subject, status__in=Round.STANDING).first()


def signed_by_all(ref: str) -> Round | None:
    """A round that everybody has signed and that is not sealed yet, for rooms."""
    return Round.objects.select_related("principal").filter(ref=ref, status=Round.SIGNED).first()


def to_conclude() -> list[str]:
    """References of rounds that all have signed and nothing came of yet, for the worker."""
    return list(Round.objects.filter(status=Round.SIGNED, trouble="").order_by("id").values_list("ref", flat=True)[:50])


def _sealed(round: Round) -> bytes:
    if not round.sealed:
        raise NotAllowed("not-found", "It is not sealed yet")
    return shelf.get(round.sealed)


def _row(place: Place) -> RoundRow:
    round = place.round
    turn = round.status == Round.OPEN and place.number in _turns(round, list(round.places.all()))
    return RoundRow(
        round.ref, Text(round.title), round.opener.name, Text(place.role_name), round.status, place.status, turn,
        round.due_at, round.opened_at,
    )  # fmt: skip


def _turns(round: Round, places: list[Place]) -> frozenset[int]:
    turns = [engine.Turn(each.number, each.status) for each in places]  # type: ignore[arg-type]
    return engine.whose_turn(turns, round.order)  # type: ignore[arg-type]


def _view(round: Round, actor: Actor | None) -> RoundView:
    places = list(round.places.order_by("number"))
    people = {round.opener_id, round.principal_id} | {each.person_id for each in places if each.person_id}
    people |= {(each.evidence or {}).get("on_behalf_of") or "" for each in places} - {""}
    names = identity.names(sorted(people))
    turns = _turns(round, places) if round.status == Round.OPEN else frozenset()
    language = get_language() or "en"
    return RoundView(
        ref=round.ref, subject=round.subject, title=Text(round.title), content=round.content, language=round.language,
        document=round.document, short=spoken.short(round.document), aloud=spoken.aloud(round.document, language),
        size=round.size, level=round.level, order=round.order, accepts=tuple(round.accepts), status=round.status,
        trouble=round.trouble, sealed=round.sealed, opened=round.opened_at, due=round.due_at, closed=round.closed_at,
        opener=names.get(round.opener_id, ""), principal=names.get(round.principal_id, ""),
        places=tuple(_place(round, each, names, turns, actor) for each in places),
        may_manage=actor is not None and actor.kind == "person" and actor.id in {round.opener_id, round.principal_id},
    )  # fmt: skip


def _place(round: Round, place: Place, names: dict[str, str], turns: frozenset[int], actor: Actor | None) -> PlaceRow:
    evidence = place.evidence or {}
    return PlaceRow(
        number=place.number, role=place.role, role_name=Text(place.role_name),
        who=names.get(place.person_id or "", "") or place.invited, known=place.person_id is not None,
        status=place.status, method=place.method, at=place.at, turn=place.number in turns,
        intact=place.status != Place.SIGNED or proof.unbroken(round, place),
        on_behalf_of=names.get(evidence.get("on_behalf_of") or "", ""), reason=place.reason,
        mine=actor is not None and actor.kind == "person" and place.person_id == actor.id, reminded=place.reminded_at,
    )  # fmt: skip
