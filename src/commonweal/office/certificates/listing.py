"""What a public status list says, and this deployment's own seal over it.

The list is read off the rows' status, so that whoever can write to the database alone could make a revoked certificate
look valid to everybody who asks the list. The seal is made anew with every change and checked before it is published.
"""

from __future__ import annotations

import hashlib

from commonweal.core.trust import keys
from commonweal.office.certificates import statuslist
from commonweal.office.certificates.models import Certificate, StatusList
from commonweal.office.certificates.sealing import PURPOSE


def opened() -> StatusList:
    """A new list, on which every place is valid."""
    made = StatusList.objects.create()
    seal(made)
    return made


def content(list_: int) -> bytes:
    """The list packed: suspended ones read 2, revoked and replaced ones 1, every other place 0."""
    changed = Certificate.objects.filter(status_list=list_).exclude(status=Certificate.VALID)
    return statuslist.pack(
        (index, statuslist.SUSPENDED if status == Certificate.SUSPENDED else statuslist.INVALID)
        for index, status in changed.values_list("status_index", "status")
    )


def seal(list_: StatusList) -> None:
    """Seal what the list says now. The caller holds the list's row, or has just made it."""
    list_.seal = keys.seal(PURPOSE, _message(list_.pk, content(list_.pk)))
    list_.save(update_fields=["seal"])


def seal_again(pk: int) -> None:
    """Seal a list after one of its certificates changed; inside the transaction of the change."""
    seal(StatusList.objects.select_for_update().get(pk=pk))


def unbroken(list_: StatusList, said: bytes) -> bool:
    """Whether the list says what it said when it was last sealed."""
    return list_.seal is not None and keys.unbroken(PURPOSE, _message(list_.pk, said), bytes(list_.seal))


def _message(pk: int, said: bytes) -> bytes:
    return b"status-list\x1f%d\x1f" % pk + hashlib.sha256(said).digest()
