"""The atlas (产业图谱): the map of Jiangsu's clusters, chains, links and products that ships with the service.

One YAML a cluster (`<cluster>.yaml`: cluster, chains, links, feeds, products) and one table a chain
(`products/<chain>.tsv`). All of it is written for this project; SOURCE.txt says how.

ADR: no official text of the 50 chain names is at hand, so every cluster and chain carries its status and its
source, and whatever shows a name shows the status with it.
"""

from importlib.resources import files
from pathlib import Path


def shipped_folder() -> Path:
    """The folder of the atlas that ships with the package."""
    return Path(str(files("ingest.atlas")))
