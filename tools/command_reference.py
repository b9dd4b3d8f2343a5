"""Write docs/reference/commands.md from the commands' own help, so that the page cannot drift."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "commands.md"


def render() -> str:
    """The reference page as Markdown: each command, its help and its example."""
    from commonweal.cli import app

    parts = [
        "# The `commonweal` command",
        "",
        "Generated from the commands' own help: `python -m tools.command_reference`.",
        "",
    ]
    for name in sorted(commands(app)):
        parts += [f"## commonweal {name}", "", "```text", help_of(app, name).rstrip(), "```", ""]
    return "\n".join(parts)


def commands(app: object, prefix: str = "") -> list[str]:
    """Every command's full name, subcommands included, groups left out."""
    names: list[str] = []
    for name in app:  # type: ignore[attr-defined]
        if name.startswith("-"):
            continue
        inner = app[name]  # type: ignore[index]
        below = commands(inner, f"{prefix}{name} ")
        names += below or [f"{prefix}{name}"]
    return names


def help_of(app: object, name: str) -> str:
    """What `commonweal NAME --help` prints, at a fixed width and without colour."""
    from io import StringIO

    from rich.console import Console

    out = StringIO()
    app.help_print(name.split(), console=Console(file=out, width=100, no_color=True))  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(render())
