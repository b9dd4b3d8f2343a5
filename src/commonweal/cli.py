"""The `commonweal` command: everything an operator, an analyst or a declarer does from a terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

import commonweal
from commonweal.cli_dataset import dataset
from commonweal.cli_journal import journal
from commonweal.cli_keys import keys
from commonweal.cli_link import link
from commonweal.cli_signing import signing
from commonweal.cli_verify import verify as verify_file
from commonweal.terminal import rooms as _rooms
from commonweal.terminal import say as _say

app = App(
    name="commonweal",
    help="The software a government runs its services and its data on: declare, serve, record, learn.",
    version=lambda: commonweal.__version__,
    help_format="plaintext",
)
app.command(verify_file, name="verify")
app.command(journal)
app.command(dataset)
app.command(keys)
app.command(link)
app.command(signing)

Format = Literal["text", "json", "sarif"]


def _jurisdiction(path: Path | None) -> Path:
    if path is not None:
        return path
    from commonweal.config import settings

    return settings.JURISDICTION


@app.command
def check(path: Path | None = None, *, once_only: bool = False, format: Format = "text") -> int:
    """Read a jurisdiction and report every fault: file, line, what is wrong, the nearest right name.

    Exits 1 when there is an error.

    Example: commonweal check examples/riverland --format sarif

    Parameters
    ----------
    path
        Folder of declarations; the one in COMMONWEAL_JURISDICTION where absent.
    once_only
        Report instead every question and paper that a declared dataset already holds.
    format
        text for people, json for editors, sarif for code review.
    """
    from commonweal.register import commands

    text, code = commands.check(_jurisdiction(path), once_only=once_only, format=format)
    _say(text)
    return code


@app.command
def plan(old: Path, new: Path, *, format: Literal["text", "json"] = "text") -> int:
    """Show what a change to the register does before it is made.

    Example: commonweal plan examples/riverland ../riverland-next

    Parameters
    ----------
    old
        Folder of declarations as they stand.
    new
        Folder of declarations as they would be.
    format
        text for people, json for programs.
    """
    from commonweal.register import commands

    text, code = commands.plan(old, new, format=format)
    _say(text)
    return code


@app.command
def schema() -> None:
    """Print the JSON Schema of a declaration, for completion in an editor.

    Example: commonweal schema > declaration.schema.json
    """
    from commonweal.register import commands

    _say(commands.schema())


@app.command
def export(
    what: Literal["services", "datasets"], path: Path | None = None, *, base: str = "https://localhost/id"
) -> int:
    """Print the catalogue that other governments read: services as CPSV-AP 3.2, datasets as DCAT-AP 3, in JSON-LD.

    Example: commonweal export services --base https://data.example.org/id > services.jsonld

    Parameters
    ----------
    what
        services or datasets.
    path
        Folder of declarations; the one in COMMONWEAL_JURISDICTION where absent.
    base
        The address under which the jurisdiction's things are named.
    """
    import json

    from commonweal.register import load
    from commonweal.register.exports import cpsv_ap, dcat_ap

    register, faults = load(_jurisdiction(path))
    if register is None:
        sys.stderr.write(f"commonweal: {len(faults)} faults; see them with: commonweal check\n")
        return 1
    document = cpsv_ap(register, base) if what == "services" else dcat_ap(register, base)
    _say(json.dumps(document, ensure_ascii=False, indent=1))
    return 0


@app.command
def setup(path: Path | None = None) -> int:
    """Make the database and publish a jurisdiction in COMMONWEAL_HOME. Safe to run again.

    Example: COMMONWEAL_HOME=/srv/commonweal commonweal setup /srv/jurisdiction

    Parameters
    ----------
    path
        Folder of declarations; the one in COMMONWEAL_JURISDICTION where absent.
    """
    _rooms()
    from commonweal.core.declared.actions import publish
    from commonweal.core.identity.actor import SYSTEM
    from commonweal.operations.storage import ready_storage

    ready_storage()
    publication = publish(SYSTEM, _jurisdiction(path))
    _say(f"Publication {publication.number} is in force (register {publication.register_hash[:12]}).")
    return 0


@app.command
def demo(
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    cases: int = 1200,
    days: int = 540,
    serve: bool = True,
) -> int:
    """Fill an empty home with the fictional Riverland and a lived-in office, then serve it.

    Example: commonweal demo --port 8080

    Parameters
    ----------
    host
        Address to listen on.
    port
        Port to listen on.
    cases
        About how many cases the simulated population has brought.
    days
        Over how many days.
    serve
        With --no-serve, only prepare the data.
    """
    os.environ["COMMONWEAL_DEMO"] = "1"
    _rooms()
    from commonweal.config.progress import progress
    from commonweal.operations import demo as demonstration

    with progress() as report:
        demonstration.establish(cases=cases, days=days, progress=report)
    _say(demonstration.welcome(f"http://localhost:{port}"))
    if not serve:
        return 0
    # As a new program: this process has started the threads of numeric libraries, and a worker forked from it would
    # hold on to threads that it does not have, and end with a segmentation fault at some later page.
    sys.stdout.flush()
    command = [sys.executable, "-m", "commonweal.cli", "serve", "--host", host, "--port", str(port)]
    os.execv(sys.executable, command)  # noqa: S606 - a list, no shell


@app.command
def serve(*, host: str = "127.0.0.1", port: int = 8000, workers: int = 1, worker: bool = True) -> int:
    """Serve every window, with a background worker beside it.

    Example: commonweal serve --host 0.0.0.0 --port 8000 --workers 4 --no-worker

    Parameters
    ----------
    host
        Address to listen on.
    port
        Port to listen on.
    workers
        Web processes; more than one needs PostgreSQL to be of use.
    worker
        Also run the background worker; turn off where workers run on other machines.
    """
    from commonweal.config.serving import serve as listen

    return listen(host, port, workers=workers, worker=worker)


@app.command
def worker(*, once: bool = False) -> int:
    """Do what falls due: deadlines, the journal's tree, scheduled collection, queued jobs.

    Example: commonweal worker --once

    Parameters
    ----------
    once
        Do what is due now and stop.
    """
    _rooms()
    from commonweal.operations.worker import work

    work(once=once)
    return 0


@app.command
def collect(*datasets: str, learn: bool = True, full: bool = False) -> int:
    """Collect declared datasets into the lake, then look for what goes with what.

    Example: commonweal collect regional-means service-performance

    Parameters
    ----------
    datasets
        Names of datasets; every dataset that has a source where none is named.
    learn
        With --no-learn, do not look for associations afterwards.
    full
        Fetch everything anew, also where a source could tell what is new.
    """
    _rooms()
    from commonweal.config.progress import progress
    from commonweal.operations.learning import collect_all

    with progress() as report:
        text, code = collect_all(datasets, learn=learn, progress=report, full=full)
    _say(text)
    return code


@app.command
def simulate(*, cases: int = 500, days: int = 90, seed: int = 1) -> int:
    """Let a seeded fictional population apply and the offices work, through the real code paths.

    Sets the demo jurisdiction up by itself in an empty COMMONWEAL_HOME.

    Example: commonweal simulate --cases 2000 --days 365 --seed 7

    Parameters
    ----------
    cases
        About how many cases there are to be; an application for a life event opens several.
    days
        Over how many days, ending today.
    seed
        The same seed gives the same population and the same delays.
    """
    os.environ["COMMONWEAL_DEMO"] = "1"
    _rooms()
    from commonweal.config.progress import progress
    from commonweal.operations import demo as demonstration
    from commonweal.operations import simulate as simulation

    with progress() as report:
        demonstration.prepare(progress=report)
        summary = simulation.simulate(cases=cases, days=days, seed=seed, progress=report)
    _say(str(summary))
    return 0


@app.command(name="client")
def register_client(
    id: str, name: str, *redirects: str, scope: list[str] | None = None, device: bool = False, public: bool = False
) -> int:
    """Let a department's system sign people in here (OpenID Connect). Prints its secret, this once.

    Example: commonweal client parks-booking "Parks booking" https://parks.example/back --scope profile

    Parameters
    ----------
    id
        Its name to us: letters, digits and hyphens.
    name
        What people read when they are asked whether to sign in there.
    redirects
        The addresses it has people sent back to, letter by letter.
    scope
        What it may ask for besides `openid`: profile, posts.
    device
        It has no browser, as a television: people type its code at /tv.
    public
        It cannot keep a secret, as an app on a phone: PKCE alone protects it.
    """
    _rooms()
    from commonweal.core.identity import clients
    from commonweal.core.identity.actor import SYSTEM

    scopes = ["openid", *(scope or [])]
    _say(clients.register(SYSTEM, id, name, redirects=redirects, scopes=scopes, device=device, public=public) or id)
    return 0


@app.command
def correlate(
    *files: Path,
    key: Annotated[list[str], Parameter(negative=())] | None = None,
    weight: str | None = None,
    given: Annotated[list[str], Parameter(negative=())] | None = None,
    lag: int = 0,
    statistic: Annotated[list[str], Parameter(negative=())] | None = None,
    format: Literal["table", "json", "html"] = "table",
    language: Literal["en", "zh-hans", "zh"] | None = None,
    engine: str | None = None,
) -> int:
    """Say which columns of some files move together. Needs no deployment.

    Example: commonweal correlate income.csv schools.xlsx --key fips --key year --format html > report.html

    Parameters
    ----------
    files
        CSV, Excel or Parquet files.
    key
        Columns on which several files are joined; repeat for more than one.
    weight
        Column that says how many cases a row stands for.
    given
        Columns to hold constant, such as region and year; repeat for more than one.
    lag
        Also compare with up to so many periods later; one of the keys tells the period.
    statistic
        pearson, spearman, correlation_ratio, cramers_v, mutual_information, xi; those that fit the columns if absent.
    format
        table for a terminal, json for programs, html for a report with charts.
    language
        Of the report (zh is short for zh-hans); the terminal's where absent.
    engine
        Where the work runs: local, local[2] or spark://host:7077; COMMONWEAL_ENGINE where absent.
    """
    from commonweal.knowledge.insight.correlating import Asked
    from commonweal.knowledge.insight.correlating import correlate as associate

    asked = Asked(
        files, tuple(key or ()), weight, tuple(given or ()), lag, tuple(statistic) if statistic else None, format,
        language, engine,
    )  # fmt: skip
    text, code = associate(asked)
    _say(text)
    return code


@app.command
def discover(
    file: Path,
    *,
    column: str,
    key: Annotated[list[str], Parameter(negative=())],
    lake: Path,
    top: int = 20,
    format: Literal["table", "json", "html"] = "table",
    aggregate: Literal["mean", "sum", "min", "max", "count"] = "mean",
    engine: str | None = None,
) -> int:
    """Say which column of which file in a folder goes with yours, after joining. Needs no deployment.

    Example: commonweal discover mine.csv --column rate --key Entity --key Year --lake ./lake --top 10

    Parameters
    ----------
    file
        Your file.
    column
        The column you ask about.
    key
        The columns that say which row is about what; repeat for more. mine=theirs where the folder says otherwise.
    lake
        Folder of files to search.
    top
        How many to show.
    format
        table for a terminal, json for programs, html for a report with charts.
    aggregate
        How several numbers of one key (a year's months) become one.
    engine
        Where the work runs: local, local[2] or spark://host:7077; COMMONWEAL_ENGINE where absent.
    """
    from commonweal.knowledge.insight.files import discover as search

    text, code = search(file, column, key, lake, top, format, aggregate=aggregate, engine=engine)
    _say(text)
    return code


def main() -> None:
    """Entry point: run a command; turn refusals into one clear line and exit 1."""
    try:
        app()
    except Exception as problem:
        if os.environ.get("COMMONWEAL_DEBUG") == "1":
            raise
        sys.stderr.write(f"commonweal: {explain(problem)}\n")
        sys.exit(1)


def explain(problem: Exception) -> str:
    """One line that says what went wrong and what to do about it."""
    name = type(problem).__name__
    if name == "OperationalError" and ("no such table" in str(problem) or "does not exist" in str(problem)):
        return "the database has no tables yet; run: commonweal setup (or: commonweal demo)"
    if name == "ProgrammingError" and "does not exist" in str(problem):
        return "the database has no tables yet; run: commonweal setup (or: commonweal demo)"
    if name == "OperationalError":
        return f"the database cannot be reached ({str(problem).strip().splitlines()[0]}); check DATABASE_URL"
    if isinstance(problem, FileNotFoundError):
        return f"there is no {problem.filename}; check the path"
    message = getattr(problem, "message", None) or str(problem) or name
    return f"{message} (set COMMONWEAL_DEBUG=1 for the details)" if not hasattr(problem, "code") else str(message)


if __name__ == "__main__":
    main()
