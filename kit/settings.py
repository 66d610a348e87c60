"""Settings every process reads from its environment; a service adds its own in a subclass."""

import os
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal, Self, TypeVar

from pydantic import AwareDatetime, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings

from kit.environment import SecretUnfit, secret
from kit.http.faults import in_english, in_vietnamese
from kit.temporal_settings import UNNAMED_BUILD, TemporalSettings, VersionSettings
from kit.terms import HistoryTerm, Terms
from language.refusals import OWN_WORDS, Refusal
from language.time_scale import TimeScale
from language.unfit import Unfit


class SettingsUnfit(Refusal):
    """The environment says what no process can run with. What it says is not repeated: it may be a secret."""

    status = 422
    longest_fact = OWN_WORDS
    vi = "Biến môi trường chưa đúng: {summary_vi}. Hãy sửa rồi khởi động lại."
    en = "The environment is not right: {summary}. Mend it and start again."


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], BeforeValidator(_upper)]
"""From which level on lines are logged."""


class ClockSettings(BaseSettings):
    """How fast time runs: as it does outside, unless a rehearsal says otherwise."""

    clock_day_seconds: float | None = Field(default=None, gt=0)
    clock_real_origin: AwareDatetime | None = None
    clock_domain_origin: AwareDatetime | None = None

    @model_validator(mode="after")
    def _says_all_of_a_clock_or_nothing(self) -> Self:
        said = [name for name in ClockSettings.model_fields if getattr(self, name) is not None]
        if said and (lacking := ClockSettings.model_fields.keys() - set(said)):
            names = ", ".join(sorted(lacking)).upper()
            raise Unfit(
                f"{said[0].upper()} needs {names} too", f"đã đặt {said[0].upper()} thì phải đặt cả {names}"
            )
        return self

    @property
    def time_scale(self) -> TimeScale | None:
        """The scale of a rehearsal; None when time runs as it does outside."""
        if (
            self.clock_day_seconds is None
            or self.clock_real_origin is None
            or self.clock_domain_origin is None
        ):
            return None
        return TimeScale(
            real_origin=self.clock_real_origin,
            domain_origin=self.clock_domain_origin,
            day_seconds=self.clock_day_seconds,
        )


class ProcessSettings(ClockSettings, TemporalSettings, HistoryTerm):
    """What the workflow worker and every service need. Names are the environment variables in upper case."""

    payload_keys: SecretStr = SecretStr("")
    payloads_encrypted_only: bool = False
    http_host: str = "127.0.0.1"
    http_port: int
    log_level: LogLevel = "INFO"
    build_id: str = UNNAMED_BUILD


class WorkerSettings(ProcessSettings, VersionSettings):
    """The workflow worker."""


PARTS: Final = frozenset({"api", "activities", "relay", "delivery"})
"""Of a service: what people and programs ask, what workflows ask, what it does by itself, and what the
postroom sends."""


JOBS_POOL_SIZE: Final = 8
_BESIDE_POOLS: Final = 4
"""For health, for waking, for what a process leads in, and for the relay, which listens."""


class PoolSizes(BaseSettings):
    """How many connections a process with all parts of a service may open."""

    database_pool_size: int = Field(default=16, ge=2)
    activity_pool_size: int = Field(default=10, ge=2)

    @property
    def most_connections(self) -> int:
        """When every pool is used up."""
        return self.database_pool_size + self.activity_pool_size + JOBS_POOL_SIZE + _BESIDE_POOLS


class ServiceSettings(PoolSizes, Terms, ProcessSettings):
    """What every service with a database and an API needs. `run_parts` lets API, activity worker and relay
    run apart.

    `oidc_issuer` is the issuer's address as tokens name it; `oidc_issuer_inside` is where it is reached from
    here, if not there.

    Requests, activities and what runs by itself have pools of their own: none waits for a connection that
    another holds. `outbox_kept_days` has a least value because sending words again is what heals a Temporal
    restored from an older state; `collected_notices_days` is how far back the postroom can read again what it
    has lost. `history_keys` vouch for what is recorded, `checkpoint_key` signs it, every so many minutes."""

    database_url: SecretStr
    database_wait_seconds: float = Field(default=2.0, gt=0)
    unknown_run_hours: float = Field(default=24, gt=0)
    oidc_issuer: str
    oidc_issuer_inside: str = ""
    oidc_audience: str = "sangkien"
    oidc_other_issuers: str = ""
    run_parts: str = Field(default="api,activities,relay", min_length=1)
    max_json_bytes: int = 1_000_000
    max_head_bytes: int = Field(default=32_768, ge=8_192)
    head_seconds: float = Field(default=10.0, gt=0)
    body_idle_seconds: float = Field(default=15.0, gt=0)
    body_seconds: float = Field(default=300.0, gt=0)
    idle_seconds: int = Field(default=15, gt=0)
    api_docs: bool = True
    trusted_proxies: str = ""
    history_keys: SecretStr
    checkpoint_key: SecretStr = SecretStr("")
    checkpoint_minutes: int = 1_440

    @model_validator(mode="after")
    def _knows_its_parts(self) -> Self:
        if unknown := self.parts - PARTS:
            said, known = ", ".join(sorted(unknown)), ", ".join(sorted(PARTS))
            raise Unfit(f"RUN_PARTS: {said} is none of {known}", f"RUN_PARTS: {said} không thuộc {known}")
        if not self.parts:
            raise Unfit("RUN_PARTS names no part", "RUN_PARTS không nêu phần nào")
        return self

    @property
    def other_issuers(self) -> tuple[str, ...]:
        """The other OpenID providers whose tokens are taken, for accounts that were tied to a person."""
        return tuple(self.oidc_other_issuers.split())

    @property
    def parts(self) -> frozenset[str]:
        """The parts this process runs."""
        return frozenset(part.strip() for part in self.run_parts.split(",") if part.strip())


S = TypeVar("S", bound=BaseSettings)


def settings_of(kind: type[S], service: str) -> S:
    """The settings of a service from the environment; `SettingsUnfit` names what is wrong in it. A name with
    the service's before it (`RULEBOOK_HTTP_PORT`) goes before the plain one, so that several services can
    share a process. A secret may stand in a file (`DATABASE_URL_FILE`)."""
    try:
        return kind(**_given(kind, service))  # type: ignore[arg-type]
    except SecretUnfit as unfit:
        raise SettingsUnfit(summary=unfit.en, summary_vi=unfit.vi) from None
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        raise SettingsUnfit(
            summary="; ".join(_named(one, in_english(one)) for one in found),
            summary_vi="; ".join(_named(one, in_vietnamese(one)) for one in found),
        ) from None


def _given(kind: type[BaseSettings], service: str) -> dict[str, str]:
    """What is said under the service's own names, and what stands in files; pydantic reads the rest."""
    given: dict[str, str] = {}
    for name, field in kind.model_fields.items():
        own, plain = f"{service}_{name}".upper(), name.upper()
        said = os.environ.get(own)
        if field.annotation is SecretStr:
            said = secret(own)
            said = secret(plain) if said is None else said
        if said is not None:
            given[name] = said
    return given


def _named(found: Mapping[str, Any], said: str) -> str:
    place: Sequence[object] = found["loc"]
    return f"{str(place[0]).upper()}: {said}" if place else said
