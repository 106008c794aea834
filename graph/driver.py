"""Opens the official driver with the settings that were measured to suit both engines (驱动)."""

import logging
import re

from neo4j import AsyncDriver, AsyncGraphDatabase
from neo4j.exceptions import ConfigurationError

from graph.errors import GraphRefused

CONNECT_SECONDS = 5.0

# The driver would also take http, which is another protocol with other rules.
_URI = re.compile(r"(bolt|neo4j)(\+s|\+ssc)?://.")


def open_driver(uri: str, user: str, password: str) -> AsyncDriver:
    """A driver whose first query opens the first connection. Raises GraphRefused for an address of no engine."""
    logger = logging.getLogger("neo4j")
    if logger.level == logging.NOTSET:
        # The driver warns at every retry, and retries are the normal way of the embedded engine.
        logger.setLevel(logging.ERROR)
    fault = GraphRefused(f"QL_NEO4J_URI 不是有效的图数据库地址：{uri}。示例：bolt://127.0.0.1:7687", code="graph.uri")
    if not _URI.match(uri):
        raise fault
    try:
        return AsyncGraphDatabase.driver(
            uri,
            auth=(user, password),
            initial_retry_delay=0.02,
            retry_delay_multiplier=1.5,
            connection_timeout=CONNECT_SECONDS,
            notifications_min_severity="OFF",
            telemetry_disabled=True,
        )
    except (ConfigurationError, ValueError) as error:
        raise fault from error
