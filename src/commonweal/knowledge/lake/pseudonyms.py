"""Persons in the lake: only under names that say nothing, and other names for every purpose.

A pseudonym is HMAC-SHA-256 (RFC 2104) of the identifier under a secret that belongs to one purpose and never leaves
the key store. Datasets of one purpose can be joined on a person; those of two purposes cannot, and nobody without the
secret can make or undo a pseudonym, not even by trying every identity number there is.
"""

from __future__ import annotations

import base64

import pyarrow as pa
import pyarrow.compute as pc

from commonweal.core.errors import Refused
from commonweal.core.trust import keys
from commonweal.knowledge.lake.contract import BoundColumn, Contract
from commonweal.knowledge.lake.faults import SCHEMA

IDENTIFYING = ("string", "text", "email", "phone", "file")
WITHHELD = "…"
_BYTES = 20


def identifiers(contract: Contract) -> tuple[BoundColumn, ...]:
    """The columns that are stored as pseudonyms: personal ones that tell rows or people apart.

    Raises Refused for other personal text (a name, an address, a telephone number): it identifies people and
    nothing can be computed from it. Personal codes, dates and figures are facts about a pseudonym and stay.
    """
    dataset = contract.dataset
    found = []
    for column in contract.personal:
        if column.element.type not in IDENTIFYING:
            continue
        key_like = column.name in (*dataset.keys, dataset.subject) or column.element.pattern is not None
        if not key_like or column.element.type in ("text", "file"):
            raise Refused(
                "personal-text",
                f"Dataset {dataset.id}: column {column.name} ({column.element.id}) holds personal text, which never "
                "enters the lake. Leave the column out, or make it the key or the subject: it is then stored as a "
                "pseudonym",
            )
        found.append(column)
    return tuple(found)


def purpose(contract: Contract) -> str:
    """The name of the key: the declared purpose, else the dataset's own, so that nothing can be joined by accident."""
    return f"pseudonym-{contract.dataset.purpose or contract.dataset.id}"


def pseudonym(key: str, identifier: str) -> str:
    """`1-` and 32 letters: the number of the secret, and 160 bits of the code under it."""
    sealed = keys.seal(key, identifier.encode())
    letters = base64.b32encode(sealed[2 : 2 + _BYTES]).decode().lower()
    return f"{int.from_bytes(sealed[:2], 'big')}-{letters}"


def conceal(table: pa.Table, contract: Contract) -> pa.Table:
    """Rows with every identifier replaced by its pseudonym; the same person has the same one throughout a purpose."""
    key = purpose(contract)
    for column in identifiers(contract):
        place = table.column_names.index(column.name)
        coded = table.column(column.name).combine_chunks().dictionary_encode()
        names = pa.array([pseudonym(key, value) for value in coded.dictionary.to_pylist()], pa.string())
        table = table.set_column(place, table.schema.field(place), names.take(coded.indices))
    return table


def withhold(faults: pa.Table, contract: Contract) -> pa.Table:
    """Faults without what stood in personal columns, in keys that hold one, or in rows that could not be cut."""
    personal = {column.name for column in contract.personal}
    if not contract.identifying:
        return faults
    column = faults.column("column")
    several = {name for name in pc.unique(column).to_pylist() if personal & set(name.split(", ")) or name == "*"}
    hidden = pc.is_in(column, pa.array(sorted(several), pa.string()))
    values = pc.if_else(hidden, WITHHELD, faults.column("value"))
    return faults.set_column(SCHEMA.get_field_index("value"), SCHEMA.field("value"), values)
