"""Answers kept in Redis for a while (缓存): losing them costs time and nothing else."""

import hashlib
import logging

from redis.asyncio import Redis
from redis.exceptions import RedisError

SECONDS = 3600
_log = logging.getLogger(__name__)


class AnswerCache:
    """Texts by key. A Redis that is away makes every look-up a miss and never an error."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def get(self, *key: str) -> str | None:
        """The text kept under `key`, or None."""
        try:
            found = await self._redis.get(_name(key))
        except RedisError as error:
            _log.warning("cache read failed: %s", error)
            return None
        return found.decode() if isinstance(found, bytes) else found

    async def put(self, text: str, *key: str) -> None:
        """Keep `text` under `key` for an hour."""
        try:
            await self._redis.set(_name(key), text, ex=SECONDS)
        except RedisError as error:
            _log.warning("cache write failed: %s", error)


def _name(key: tuple[str, ...]) -> str:
    return "ql:answer:" + hashlib.sha256("\x1f".join(key).encode()).hexdigest()
