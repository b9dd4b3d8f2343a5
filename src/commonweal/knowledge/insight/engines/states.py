"""A summary's state as Arrow bytes: what one machine hands another.

The Arrow IPC stream of one table with a column per array (flat, its shape noted) and, in the schema's metadata, a
JSON outline of how the arrays, numbers and texts make up the object. Nothing in it is executed when it is read: only
dataclasses of Commonweal are made again, by their fields.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

HOME = "commonweal."
OUTLINE = b"commonweal.state"


def pack(state: object) -> bytes:
    """The bytes of a state: dataclasses, arrays of numbers, booleans or text, numbers, text, paths, None,
    tuples, lists and mappings with text or number keys, nested as one likes. Raises TypeError for anything else."""
    arrays: list[pa.Array] = []
    outline = _outline(state, arrays)
    rows = [pa.array([each], pa.large_list(each.type)) for each in arrays]
    table = pa.table(dict(zip(map(str, range(len(rows))), rows, strict=True)) or {"empty": [None]})
    table = table.replace_schema_metadata({OUTLINE: json.dumps(outline).encode()})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def unpack(data: bytes) -> Any:
    """The state of bytes made by `pack`. Raises ValueError when they are not, or name a class that is none of ours."""
    with pa.ipc.open_stream(data) as reader:
        table = reader.read_all()
    outline = (table.schema.metadata or {}).get(OUTLINE)
    if outline is None:
        raise ValueError("these bytes are no state of a summary")
    arrays = [column.chunk(0).values for column in table.columns if column.num_chunks and column.type != pa.null()]
    return _made(json.loads(outline), arrays)


def _outline(value: Any, arrays: list[pa.Array]) -> Any:
    """A JSON value that says how to make `value` again; its arrays are added to `arrays`."""
    if value is None or isinstance(value, bool | int | str):
        return value if not isinstance(value, np.generic) else value.item()
    if isinstance(value, float | np.floating):
        return {"float": float(value).hex()}
    if isinstance(value, np.bool_ | np.integer):
        return {"scalar": str(value.dtype), "value": value.item()}
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, np.ndarray):
        return _array_outline(value, arrays)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kind = type(value)
        inside = {f.name: _outline(getattr(value, f.name), arrays) for f in dataclasses.fields(value) if f.init}
        return {"class": f"{kind.__module__}:{kind.__qualname__}", "fields": inside}
    if isinstance(value, list) and value and all(each is None or type(each) is str for each in value):
        arrays.append(pa.array(value, pa.string()))
        return {"texts": len(arrays) - 1}
    if isinstance(value, Path):
        return {"path": str(value)}
    if isinstance(value, tuple | list):
        return {type(value).__name__: [_outline(each, arrays) for each in value]}
    if isinstance(value, dict):
        return {"dict": [[_outline(k, arrays), _outline(v, arrays)] for k, v in value.items()]}
    raise TypeError(f"a summary's state cannot hold {type(value).__name__}")


def _array_outline(value: np.ndarray, arrays: list[pa.Array]) -> Any:
    kind = "str" if value.dtype.kind in "UO" else value.dtype.str
    flat = value.ravel()
    arrays.append(pa.array(flat.tolist(), pa.string()) if kind == "str" else pa.array(flat))
    return {"array": len(arrays) - 1, "shape": list(value.shape), "dtype": kind}


def _made(outline: Any, arrays: list[pa.Array]) -> Any:
    """The value an outline stands for."""
    if not isinstance(outline, dict):
        return outline
    if "array" in outline:
        flat = arrays[outline["array"]].to_numpy(zero_copy_only=False)
        kind = str if outline["dtype"] == "str" else np.dtype(outline["dtype"])
        return flat.astype(kind).reshape(outline["shape"])
    if "texts" in outline:
        return arrays[outline["texts"]].to_pylist()
    if "path" in outline:
        return Path(outline["path"])
    if "float" in outline:
        return float.fromhex(outline["float"])
    if "scalar" in outline:
        return np.dtype(outline["scalar"]).type(outline["value"])
    if "bytes" in outline:
        return bytes.fromhex(outline["bytes"])
    if "class" in outline:
        return _class(outline["class"])(**{name: _made(each, arrays) for name, each in outline["fields"].items()})
    if "dict" in outline:
        return {_made(k, arrays): _made(v, arrays) for k, v in outline["dict"]}
    if "tuple" in outline:
        return tuple(_made(each, arrays) for each in outline["tuple"])
    if "list" in outline:
        return [_made(each, arrays) for each in outline["list"]]
    raise ValueError("these bytes are no state of a summary")


def _class(name: str) -> type:
    module, _, path = name.partition(":")
    if not module.startswith(HOME):
        raise ValueError(f"a state may not name {name}")
    found: Any = importlib.import_module(module)
    for step in path.split("."):
        found = getattr(found, step)
    if not (isinstance(found, type) and dataclasses.is_dataclass(found)):
        raise ValueError(f"a state may not name {name}")
    return found
