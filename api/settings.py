"""Settings (设置): read once from `QL_*` variables by the command line, then passed down."""

import os
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from graph.connection import GraphSettings


def _default_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "qianglian"


class Settings(BaseSettings):
    """Every setting of the product; the variable of `neo4j_uri` is `QL_NEO4J_URI`, and so on."""

    model_config = SettingsConfigDict(env_prefix="QL_", frozen=True, extra="forbid")

    home: Path = Field(
        Path.home() / ".local/share/qianglian", description="data of the embedded engines and the index snapshot"
    )
    cache: Path = Field(default_factory=_default_cache, description="the converted encoder; safe to delete")
    neo4j_uri: str | None = Field(None, description="your own Neo4j, e.g. bolt://graph.example:7687; none is started")
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr = SecretStr("")
    neo4j_database: str = "neo4j"
    redis_url: str | None = Field(None, description="your own Redis, e.g. redis://cache.example:6379/0")
    encoder: str | None = Field(None, description="another sentence-transformers folder or hub name")
    port: int = Field(8000, ge=1, le=65535, description="port of the pages on 127.0.0.1")

    @property
    def external_graph(self) -> GraphSettings | None:
        """How to reach the Neo4j that `QL_NEO4J_URI` names, or None where the embedded engine is meant."""
        if self.neo4j_uri is None:
            return None
        return GraphSettings(
            uri=self.neo4j_uri,
            user=self.neo4j_user,
            password=self.neo4j_password.get_secret_value(),
            database=self.neo4j_database,
        )

    @property
    def models(self) -> Path:
        """Where converted encoders are kept."""
        return self.cache / "models"

    @property
    def index(self) -> Path:
        """Where the index snapshot is kept."""
        return self.home / "index"
