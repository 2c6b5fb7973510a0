"""Every setting, typed, all optional, from the environment with prefix `LM_`."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from pydantic import Field, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from warehouse.masking import secrets_in
from warehouse.objects import KEYS, is_object_url

HERE = Path(__file__).resolve().parent.parent
SECRET: str = Field(default="", repr=False)
"""A setting that is or may hold a secret: never shown, not in errors and not when settings are printed."""


class _FromFiles(PydanticBaseSettingsSource):
    """`LM_<NAME>_FILE` names a file that holds the setting `LM_<NAME>`, as secrets are handed to
    services and containers."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """What the file of a setting holds, white space around it left out; None without a file."""
        variable = f"LM_{field_name.upper()}_FILE"
        path = os.environ.get(variable)
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text("utf-8").strip(), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            said = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise UnreadableSettingError(
                f"{variable}: expected a file that holds LM_{field_name.upper()}; {path}: {said}"
            ) from None

    def __call__(self) -> dict[str, Any]:
        """All settings that stand in files."""
        found = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in found.items() if value is not None}


class UnreadableSettingError(ValueError):
    """A file that should hold a setting cannot be read; the message says which and why."""


ADDRESSES = (
    "cbs_url",
    "cbs_v3_url",
    "cbs_third_party_url",
    "kvk_url",
    "budget_documents_url",
    "geo_url",
    "ibis_url",
)
"""Settings that say where a publisher is."""

OF_OTHERS = ("PGPASSWORD", *KEYS)
"""Variables that hold secrets and are read by libpq and by the client of the object store."""


class Settings(BaseSettings):
    """Settings of one house. Unknown `LM_` variables are refused by `doctor`, not here."""

    # What was wrong about a setting is said without what it was: that may be a secret.
    model_config = SettingsConfigDict(env_prefix="LM_", frozen=True, hide_input_in_errors=True)

    home: Path = Path("var")
    """State: archive, frames, warehouse, Dagster's own records; in it a folder `sample` and one `live`."""
    sources: Literal["sample", "live"] = "sample"
    """The bundled sample, or the publishers at the addresses below."""
    warehouse_url: str = SECRET
    """SQLAlchemy URL; by default a DuckDB file below `home`."""
    incidents_url: str = SECRET
    """SQLAlchemy URL, SQLite or PostgreSQL, of what is wrong and whom that was told; by default a file
    below `home`."""
    archive_url: str = Field(default="", repr=False)
    """Where the archive lies: a folder or `s3://bucket/prefix`, in it `sample` and `live`; by default below `home`."""
    assets_url: str = Field(default="", repr=False)
    """Where frames, histories and the ledger lie: a folder or `s3://bucket/prefix`, likewise."""
    inbox: Path | str | None = Field(default=None, repr=False)
    """Where extracts are dropped: a folder or `s3://bucket/prefix`; by default `inbox` below `home`."""
    dagster_url: str = SECRET
    """SQLAlchemy URL, `postgresql+psycopg2://...`, of Dagster's own records; by default files below `home`."""
    executor: Literal["in_process", "multiprocess", "celery"] = "in_process"
    """Where the steps of a run run."""
    processes: int = Field(default=2, ge=1)
    """Steps side by side where `executor` is `multiprocess`."""
    celery_broker: str = SECRET
    """URL of Celery's broker, where `executor` is `celery`."""
    celery_backend: str = SECRET
    """URL where Celery keeps answers; by default the broker's."""
    step_seconds: int = Field(default=3600, ge=1)
    """Longest that a step takes: one whose Celery worker is gone is given to another after it."""
    catalogue: Path | None = None
    """A folder with further sources, indicators and sites, added to the built-in catalogue."""
    cbs_url: str = Field(default="https://datasets.cbs.nl/odata/v1", repr=False)
    cbs_v3_url: str = Field(default="https://opendata.cbs.nl", repr=False)
    cbs_third_party_url: str = Field(default="https://dataderden.cbs.nl", repr=False)
    kvk_url: str = Field(default="https://www.kvk.nl", repr=False)
    budget_documents_url: str = Field(default="", repr=False)
    """A mirror of planning & control sites, one folder a host; empty asks each site itself."""
    geo_url: str = Field(default="https://api.pdok.nl", repr=False)
    ibis_url: str = Field(
        default="https://www.warmteatlas.nl/geoserver/WarmteAtlas/wfs", repr=False
    )
    events: Literal["on", "off"] = "on"
    """Whether the sensors and the nightly schedule run before anybody switches them on or off in the UI."""
    private_hosts: str = ""
    """Names of publishers' hosts that may be at a private address, with commas between them."""
    deadline: float = 120.0
    """Seconds for one answer of a publisher, from the request to its last byte."""
    tries: int = 5
    """Times that a request is tried where its failure may pass by itself."""
    first_wait: float = 0.5
    """Seconds before the first retry; doubled each time."""
    pause: float = 0.5
    """Seconds between two pages of one planning & control site."""
    ui_url: str = "http://127.0.0.1:3000"
    """Where people reach the UI: messages link to runs there."""
    notify_webhook_url: str = SECRET
    """Where messages on incidents are posted."""
    notify_webhook_secret: str = SECRET
    """Signs what is posted there."""
    notify_email_to: str = ""
    """Who is mailed on incidents; addresses with commas between them."""
    notify_email_from: str = "locatiemonitor@localhost"
    smtp_url: str = SECRET
    """The server that takes mail: `smtp://user:password@host:587`, or `smtps://`."""
    publication_webhook_url: str = SECRET
    """Where every publication is announced to machines."""
    publication_webhook_secret: str = SECRET
    """Signs what is announced there."""
    metrics_file: Path | None = None
    """Where a night writes figures for Prometheus, as its text file collector reads them."""

    @field_validator("home", "inbox", "catalogue", "metrics_file")
    @classmethod
    def absolute(cls, path: Path | str | None) -> Path | str | None:
        """Paths hold wherever a run happens to stand."""
        if not path or "://" in str(path):
            return path or None
        return Path(path).expanduser().absolute()

    @field_validator(*ADDRESSES)
    @classmethod
    def a_base(cls, address: str) -> str:
        """Paths are put behind it, and it is published with every release: so no parameters, which
        may be keys."""
        if "?" in address or "#" in address:
            raise ValueError(
                "expected an address that ends with its path; a key goes before the host, as user:password@"
            )
        return address

    @field_validator("archive_url", "assets_url", "inbox")
    @classmethod
    def of_files(cls, place: Path | str | None) -> Path | str | None:
        """A folder by its URL is that folder."""
        if not isinstance(place, str) or not place.startswith("file://"):
            return place
        return unquote(place.removeprefix("file://"))

    @property
    def state(self) -> Path:
        """State of this sort of sources: what came from the sample never mixes with what is live."""
        return self.home / self.sources

    @property
    def warehouse(self) -> str:
        """SQLAlchemy URL of the warehouse."""
        return self.warehouse_url or f"duckdb:///{self.state / 'locatiemonitor.duckdb'}"

    @property
    def incidents(self) -> str:
        """SQLAlchemy URL of the incidents."""
        return self.incidents_url or f"sqlite:///{self.state / 'incidents.sqlite'}"

    @property
    def inbox_bucket(self) -> str:
        """URL of the inbox where it is in an object store; empty where it is a folder."""
        said = str(self.inbox or "")
        return said if is_object_url(said) else ""

    @property
    def inbox_folder(self) -> Path:
        """Where extracts are dropped, or the copy of it on this machine."""
        if self.inbox_bucket:
            return self.mirror(self.inbox_bucket) / "inbox"
        return Path(self.inbox) if self.inbox else self.home / "inbox"

    def mirror(self, url: str) -> Path:
        """Where this machine keeps copies of what is at `url`; may be lost."""
        return self.state / "mirrors" / hashlib.sha256(url.encode()).hexdigest()[:12]

    @property
    def samples(self) -> Path:
        """The bundled sample."""
        return HERE / "samples"

    @property
    def dagster_home(self) -> Path:
        """Where Dagster keeps runs and events."""
        return self.state / "dagster"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is passed, then the environment, then the files that the environment names."""
        return init_settings, env_settings, _FromFiles(settings_cls)

    def secrets(self) -> tuple[str, ...]:
        """Everything in these settings that nobody may see."""
        found = [os.environ[name] for name in OF_OTHERS if os.environ.get(name)]
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if not field.repr and isinstance(value, str) and value:
                found += secrets_in(value)
                # An address that holds nothing but a secret: that of a webhook, and what signs.
                if name.endswith(("_secret", "webhook_url")):
                    found.append(value)
        return tuple(dict.fromkeys(found))

    def address(self, publisher: str) -> str:
        """Base address of a publisher of the catalogue; empty where it is many hosts."""
        return {
            "cbs_v4": self.cbs_url,
            "cbs_v3": self.cbs_v3_url,
            "cbs_third_party": self.cbs_third_party_url,
            "kvk": self.kvk_url,
            "budget_documents": self.budget_documents_url,
            "geo": self.geo_url,
            "ibis": self.ibis_url,
        }[publisher]


SHARED_DATA = "LM_SHARED_DATA"
"""Where the tests look for published data; no setting of the house."""


def load_settings() -> Settings:
    """The settings of this process. The sample always answers under the publishers' own addresses."""
    settings = Settings()
    if settings.sources == "sample":
        defaults = {name: Settings.model_fields[name].default for name in ADDRESSES}
        return settings.model_copy(update=defaults)
    return settings


def unknown_settings() -> list[str]:
    """Names of `LM_` variables that are set and mean nothing."""
    names = {f"LM_{name.upper()}" for name in Settings.model_fields}
    known = names | {f"{name}_FILE" for name in names} | {SHARED_DATA}
    return sorted(name for name in os.environ if name.startswith("LM_") and name not in known)
