"""What can stop a command: one clear sentence and one exit code each, in whichever room it is raised; a
kind of one shares its code. 1 is any other failure, 2 a wrong command line, 130 Ctrl-C."""

from pathlib import Path
from typing import ClassVar


class CommandFailed(Exception):
    """Base of every expected failure; the command line prints the sentence and exits with `exit_code`."""

    exit_code: ClassVar[int] = 1


class WrongUsage(CommandFailed):
    """The command line makes no sense."""

    exit_code = 2


class PortBusy(CommandFailed):
    """Somebody else listens on a port we need."""

    exit_code = 10


class ForeignDatabase(CommandFailed):
    """The data folder was made by another PostgreSQL version."""

    exit_code = 11


class DiskFull(CommandFailed):
    """Too little space to start safely."""

    exit_code = 12


class AlreadyRunning(CommandFailed):
    """Another `up` works on the same data folder."""

    exit_code = 13


class DataFolderUnusable(CommandFailed):
    """The data folder cannot be written."""

    exit_code = 14


class StartFailed(CommandFailed):
    """A part did not become healthy in time."""

    exit_code = 15


class WrongSetting(CommandFailed):
    """A variable of the environment makes no sense."""

    exit_code = 16


class OldData(CommandFailed):
    """The data was made by a version whose tables these programs do not know."""

    exit_code = 17


class NotRunning(CommandFailed):
    """The command needs a running instance."""

    exit_code = 3

    def __init__(self, data: Path) -> None:
        super().__init__(
            f"Chưa có gì chạy trên {data}: hãy chạy `./sangkien up` (nothing runs there, start it)."
        )


class ServiceSilent(CommandFailed):
    """A service did not answer."""

    exit_code = 31


class BackupRefused(CommandFailed):
    """There is nothing to back up, or no place for it."""

    exit_code = 40


class BackupDamaged(CommandFailed):
    """What should be a backup is none, or not as it was made."""

    exit_code = 41


class BackupNewer(CommandFailed):
    """A later release has made the backup."""

    exit_code = 42


class RestoreRefused(CommandFailed):
    """A backup is restored into an empty folder only."""

    exit_code = 43
