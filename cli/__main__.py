"""`python -m cli`: the command line, with every expected failure as one sentence and an exit code."""

import sys

from rich.console import Console

from cli.errors import CommandFailed
from cli.main import app


def main() -> None:
    """Run the command; print an expected failure without a traceback."""
    try:
        app(prog_name="sangkien")
    except CommandFailed as failure:
        Console(stderr=True).print(f"[bold red]✗[/] {failure}", highlight=False, soft_wrap=True)
        sys.exit(failure.exit_code)


if __name__ == "__main__":
    main()
