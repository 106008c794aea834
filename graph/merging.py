"""Two firms become one, and become two again (合并与撤销合并), each within one transaction.

ADR: a merge moves the records of one firm to the other and leaves an alias; nothing is rewritten in the
records. So taking it back moves the same records back, and both firms are projected to what they were, also
where other firms were merged or other loads came in between. Where a capability belongs in a chain is not in
the records: it moves along with its capability, and what the winner knew better is kept on the alias.
"""

import json
from collections.abc import Iterable, Sequence
from uuid import uuid4

from graph.aliases import roots
from graph.errors import GraphNotFound
from graph.fold import fold, keyed
from graph.projection import lock_firms, remove_firms, write_firms
from graph.records import FirmRecord, move_records, read_records
from graph.transaction import Transaction, TryAgain

SAVE_ALIAS = """
MERGE (a:Alias {code: $code})
SET a.target = $target, a.merged_by = $by, a.merged_at = $at, a.fits = $fits
"""

GET_ALIAS = "MATCH (a:Alias {code: $code}) RETURN coalesce(a.fits, '[]') AS fits"
DROP_ALIAS = "MATCH (a:Alias {code: $code}) DETACH DELETE a"

FITS_OF = """
UNWIND $rows AS row
MATCH (:Capability {id: row.id})-[r:FITS]->(l:Link)
RETURN row.id AS id, l.code AS link, r.score AS score, r.how AS how ORDER BY id, link
"""

CARRY_FITS = """
UNWIND $rows AS row
MATCH (:Capability {id: row.old})-[r:FITS]->(l:Link)
MATCH (c:Capability {id: row.new})
MERGE (c)-[n:FITS]->(l)
SET n.score = r.score, n.how = r.how
"""

RESTORE_FITS = """
UNWIND $rows AS row
MATCH (c:Capability {id: row.id})
MATCH (l:Link {code: row.link})
MERGE (c)-[n:FITS]->(l)
SET n.score = row.score, n.how = row.how
"""


async def merge_firms(tx: Transaction, loser: str, winner: str, by: str, at: str) -> str | None:
    """Makes the firm of `loser` a part of that of `winner`; the code that is an alias now, None if they were one.

    Raises GraphNotFound if one of the two does not exist.
    """
    root = await roots(tx.run, [loser, winner])
    lost, won = root[loser], root[winner]
    if lost == won:
        return None
    token = uuid4().hex
    held = await lock_firms(tx, [lost, won], token)
    if await roots(tx.run, [loser, winner]) != root:
        raise TryAgain
    if missing := {lost, won} - held.keys():
        raise GraphNotFound(f"企业 {'、'.join(sorted(missing))} 不存在，无法合并。", code="graph.firm.unknown")
    stated = await read_records(tx, [lost, won])
    old, new = stated.get(lost, {}), stated.get(won, {})
    moved, shared = _renamed(lost, old.values(), won, new.values())
    fits = await tx.each(FITS_OF, [{"id": was} for was, _ in shared])
    await tx.run(SAVE_ALIAS, code=lost, target=won, by=by, at=at, fits=json.dumps(fits, ensure_ascii=False))
    await move_records(tx, sorted(old), won)
    await write_firms(tx, {won: (old | new).values()}, held, token)
    await tx.each(CARRY_FITS, [{"old": was, "new": now} for was, now in moved])
    await remove_firms(tx, [lost])
    return lost


async def unmerge_firm(tx: Transaction, alias: str) -> None:
    """Makes `alias` a firm of its own again, with what was stated about it and about firms merged into it.

    Raises GraphNotFound if it is no alias.
    """
    won = (await roots(tx.run, [alias]))[alias]
    token = uuid4().hex
    held = await lock_firms(tx, [alias, won], token)
    kept = await tx.run(GET_ALIAS, code=alias)
    if not kept:
        raise GraphNotFound(f"{alias} 没有合并到其他企业，无法撤销合并。", code="graph.alias.unknown")
    if (await roots(tx.run, [alias]))[alias] != won:
        raise TryAgain
    await tx.run(DROP_ALIAS, code=alias)
    stated = (await read_records(tx, [won])).get(won, {})
    ends = await roots(tx.run, {record.firm.code for record in stated.values()})
    back = {key: record for key, record in stated.items() if ends[record.firm.code] == alias}
    stay = {key: record for key, record in stated.items() if key not in back}
    if back:
        moved, _ = _renamed(alias, back.values(), won, stay.values())
        await write_firms(tx, {alias: back.values()}, held, token)
        await move_records(tx, sorted(back), alias)
        await tx.each(CARRY_FITS, [{"old": now, "new": was} for was, now in moved])
        await tx.each(RESTORE_FITS, json.loads(kept[0]["fits"]))
    if stay:
        await write_firms(tx, {won: stay.values()}, held, token)
    elif won in held:
        await remove_firms(tx, [won])


def _renamed(
    lost: str, old: Iterable[FirmRecord], won: str, new: Iterable[FirmRecord]
) -> tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]:
    """Ids of the capabilities of `lost`, under it and under `won`: those that `won` has not, and has itself."""
    own = _ids(won, new)
    old = list(old)
    pairs = [(c.id, keyed(c, won).id) for c in fold(lost, old).capabilities] if old else []
    return [pair for pair in pairs if pair[1] not in own], [pair for pair in pairs if pair[1] in own]


def _ids(code: str, records: Iterable[FirmRecord]) -> set[str]:
    records = list(records)
    return {capability.id for capability in fold(code, records).capabilities} if records else set()
