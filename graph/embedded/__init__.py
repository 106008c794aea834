"""The embedded engines (内嵌引擎): a graph engine and a Redis that this process starts, watches and stops.

Each data folder (`QL_HOME`) has one owner. The engines listen on loopback or a unix socket only, their
passwords are generated into files that only the owner can read, and they end when the owner ends.
"""

from graph.embedded.addresses import running_on
from graph.embedded.engines import EmbeddedEngines
from graph.embedded.errors import EngineError, HomeHeldError

__all__ = ["EmbeddedEngines", "EngineError", "HomeHeldError", "running_on"]
