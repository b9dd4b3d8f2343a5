"""The record's tree over HTTP: checkpoint, tiles, proofs, and our witness of others. About nobody: hashes and numbers.

Formats: https://c2sp.org/tlog-tiles, https://c2sp.org/tlog-witness. Full tiles never change and may be kept for ever.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.core.journal import checkpoints, queries, tiles, witnessing

FOR_EVER = "public, max-age=31536000, immutable"
FOR_NOW = "public, max-age=5"


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed checkpoint, with what witnesses signed below it."""
    newest = queries.checkpoint()
    if newest is None:
        return _text("There is no checkpoint yet\n", 404)
    return _text(newest.note + "".join(f"{line}\n" for line in queries.cosignatures(newest.size)), 200, FOR_NOW)


@require_safe
def tile(request: HttpRequest, level: int, number: str) -> HttpResponse:
    """One tile: up to 256 hashes of 32 bytes."""
    try:
        content, full = tiles.tile(level, number)
    except NotAllowed:
        return _text("There is no such tile\n", 404)
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Cache-Control"] = FOR_EVER if full else FOR_NOW
    return response


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The keys that checkpoints were ever signed with, one a line, oldest first; then the one we witness with."""
    lines = [*(str(each) for each in checkpoints.verifiers()), str(witnessing.verifier())]
    return _text("\n".join(lines) + "\n", 200, FOR_NOW)


@require_safe
def inclusion(request: HttpRequest) -> JsonResponse:
    """That leaf `index` is in the tree of `size` leaves (RFC 9162 2.1.3); hashes in hexadecimal."""
    try:
        size, found, leaf = tiles.inclusion(_whole(request, "index", 0), _size(request))
        root = tiles.root(size)
    except Invalid as invalid:
        return _wrong(invalid)
    except KeyError:
        return _damaged()
    told = {"size": size, "leaf": leaf.hex(), "path": [each.hex() for each in found], "root": root.hex()}
    return _json(told)


@require_safe
def consistency(request: HttpRequest) -> JsonResponse:
    """That the tree of `old` leaves is the beginning of that of `size` (RFC 9162 2.1.4); hashes in hexadecimal."""
    try:
        old = _whole(request, "old", 0)
        size, found = tiles.consistency(old, _size(request))
        roots = {"old_root": tiles.root(old).hex(), "root": tiles.root(size).hex()}
    except Invalid as invalid:
        return _wrong(invalid)
    except KeyError:
        return _damaged()
    return _json({"old": old, "size": size, "path": [each.hex() for each in found], **roots})


@csrf_exempt
@require_POST
def add_checkpoint(request: HttpRequest) -> HttpResponse:
    """Another record asks us to remember it and to sign."""
    body = request.read(witnessing.BODY_LIMIT + 1)
    try:
        answer = witnessing.add_checkpoint(body.decode("utf-8"))
    except UnicodeDecodeError:
        return _text("The request is not UTF-8\n", 400)
    kind = "text/x.tlog.size" if answer.status == 409 else "text/plain; charset=utf-8"
    return HttpResponse(answer.body, status=answer.status, content_type=kind)


def _whole(request: HttpRequest, name: str, default: int | None) -> int:
    text = request.GET.get(name, "" if default is None else str(default))
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Invalid({name: "Must be a whole number"})
    return int(text)


def _size(request: HttpRequest) -> int | None:
    return _whole(request, "size", None) if "size" in request.GET else None


def _text(text: str, status: int, keep: str = "no-store") -> HttpResponse:
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = keep
    return response


def _json(told: dict[str, object]) -> JsonResponse:
    response = JsonResponse(told)
    response["Cache-Control"] = FOR_NOW
    return response


def _wrong(refused: Refused) -> JsonResponse:
    fields = refused.fields if isinstance(refused, Invalid) else {}
    return JsonResponse({"title": refused.message, "fields": fields}, status=refused.status)


def _damaged() -> JsonResponse:
    """Hashes that were stored are gone: nothing can be proved, and that is said."""
    return JsonResponse({"title": "tree-damaged: hashes of this record are missing", "fields": {}}, status=503)


urlpatterns = [
    path("checkpoint", checkpoint, name="log-checkpoint"),
    path("keys", keys, name="log-keys"),
    path("tile/<int:level>/<path:number>", tile, name="log-tile"),
    path("proof/inclusion", inclusion, name="log-inclusion"),
    path("proof/consistency", consistency, name="log-consistency"),
    path("witness/add-checkpoint", add_checkpoint, name="log-witness"),
]
