"""`python -m cli`: the command line, with every expected failure as one sentence and an exit code."""

import errno
import sys

from rich.console import Console
from rich.markup import escape

from cli.main import app
from cli.usage import run
from embedded.errors import CommandFailed, DiskFull, WrongSetting
from kit.environment import SecretUnfit


def main() -> None:
    """Run the command; print an expected failure without a traceback."""
    try:
        sys.exit(run(app, "sangkien"))
    except CommandFailed as failure:
        _give_up(failure)
    except SecretUnfit as unfit:
        _give_up(WrongSetting(f"Biến môi trường chưa đúng: {unfit}."))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _give_up(
            DiskFull(
                "Ổ đĩa đầy, không ghi thêm được vào "
                f"{error.filename or 'thư mục dữ liệu'} (the disk is full)."
            )
        )


def _give_up(failure: CommandFailed) -> None:
    Console(stderr=True).print(f"[bold red]✗[/] {escape(str(failure))}", highlight=False, soft_wrap=True)
    sys.exit(failure.exit_code)


if __name__ == "__main__":
    main()
