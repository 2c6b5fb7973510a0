"""Every setting, typed, all optional, from the environment with prefix `LM_`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

HERE = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Settings of one house. Unknown `LM_` variables are refused by `doctor`, not here."""

    model_config = SettingsConfigDict(env_prefix="LM_", frozen=True)

    home: Path = Path("var")
    """State: archive, frames, warehouse, Dagster's own records; in it a folder `sample` and one `live`."""
    sources: Literal["sample", "live"] = "sample"
    """The bundled sample, or the publishers at the addresses below."""
    warehouse_url: str = ""
    """SQLAlchemy URL; by default a DuckDB file below `home`."""
    incidents_url: str = ""
    """SQLAlchemy URL, SQLite or PostgreSQL, of what is wrong and whom that was told; by default a file
    below `home`."""
    inbox: Path | None = None
    """Where extracts are dropped; by default `inbox` below `home`."""
    catalogue: Path | None = None
    """A folder with further sources, indicators and sites, added to the built-in catalogue."""
    cbs_url: str = "https://datasets.cbs.nl/odata/v1"
    cbs_v3_url: str = "https://opendata.cbs.nl"
    cbs_third_party_url: str = "https://dataderden.cbs.nl"
    kvk_url: str = "https://www.kvk.nl"
    budget_documents_url: str = ""
    """A mirror of planning & control sites, one folder a host; empty asks each site itself."""
    geo_url: str = "https://api.pdok.nl"
    ibis_url: str = "https://www.warmteatlas.nl/geoserver/WarmteAtlas/wfs"
    deadline: float = 120.0
    """Seconds for one answer of a publisher, from the request to its last byte."""
    tries: int = 5
    """Times that a request is tried where its failure may pass by itself."""
    first_wait: float = 0.5
    """Seconds before the first retry; doubled each time."""
    pause: float = 0.5
    """Seconds between two pages of one planning & control site."""

    @field_validator("home", "inbox", "catalogue")
    @classmethod
    def absolute(cls, path: Path | None) -> Path | None:
        """Paths hold wherever a run happens to stand."""
        return path.expanduser().absolute() if path else None

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
    def inbox_folder(self) -> Path:
        """Where extracts are dropped."""
        return self.inbox or self.home / "inbox"

    @property
    def samples(self) -> Path:
        """The bundled sample."""
        return HERE / "samples"

    @property
    def dagster_home(self) -> Path:
        """Where Dagster keeps runs and events."""
        return self.state / "dagster"

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
    known = {f"LM_{name.upper()}" for name in Settings.model_fields} | {SHARED_DATA}
    return sorted(name for name in os.environ if name.startswith("LM_") and name not in known)
