"""Where rows come from: a file beside the declarations, a file an installed package ships, or the record itself."""

from __future__ import annotations

import importlib.metadata
import os
from pathlib import Path

from commonweal.core.errors import Refused
from commonweal.knowledge.lake.contract import Contract
from commonweal.knowledge.lake.reading import Raw, read
from commonweal.register.models import Source


def collectable(source: Source | None) -> bool:
    """Whether the lake can fetch the rows itself; a department's own register is asked by the exchange."""
    return source is not None and source.type != "register"


def published(contract: Contract, folder: Path) -> Raw:
    """Read the file a dataset's source names. `folder` holds the jurisdiction's declarations."""
    source = contract.dataset.source
    if source is None or source.type not in ("file", "package"):
        raise Refused("no-source", f"Dataset {contract.dataset.id} has no file to read")
    path = beside(folder, source, contract) if source.type == "file" else shipped(source, contract)
    return read(path, header=bool(source.header), encoding=source.encoding, typed=True)


def beside(folder: Path, source: Source, contract: Contract) -> Path:
    """The file's path; Refused when it is absent or points outside the declared folder, links included.

    The folder is the jurisdiction's, or the one that the environment variable `source.folder` names.
    """
    root = (_named(source.folder, contract) if source.folder else folder).resolve()
    path = (root / (source.path or "")).resolve()
    if not path.is_relative_to(root) or path == root:
        of = f"the folder in {source.folder}" if source.folder else "the jurisdiction's folder"
        raise Refused("outside", f"Dataset {contract.dataset.id}: {source.path!r} lies outside {of}")
    if not path.is_file():
        raise Refused("no-file", f"Dataset {contract.dataset.id}: there is no file {source.path!r} in {root}")
    return path


def _named(variable: str, contract: Contract) -> Path:
    told = os.environ.get(variable)
    if not told or not Path(told).is_dir():
        state = "is no folder" if told else "is not set"
        raise Refused(
            "no-folder",
            f"Dataset {contract.dataset.id}: {variable} {state}; set it to the folder in which the published files lie",
        )
    return Path(told)


def shipped(source: Source, contract: Contract) -> Path:
    """The path of a file in an installed distribution, found by its metadata so that its code is never run."""
    try:
        distribution = importlib.metadata.distribution(source.package or "")
    except (importlib.metadata.PackageNotFoundError, ValueError) as problem:
        raise Refused(
            "no-package",
            f"Dataset {contract.dataset.id}: the package {source.package!r} is not installed; run: "
            f"pip install {source.package}",
        ) from problem
    for file in distribution.files or ():
        if str(file) == source.path:
            path = Path(str(distribution.locate_file(file)))
            if path.is_file():
                return path
    raise Refused(
        "no-file", f"Dataset {contract.dataset.id}: {source.package} {distribution.version} ships no {source.path!r}"
    )
