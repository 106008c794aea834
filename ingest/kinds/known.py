"""Every kind of table that can be loaded (表格种类一览), by the word that the command line uses for it."""

from ingest.catalogue import CATALOGUE
from ingest.intentions import INTENTIONS
from ingest.membership import MEMBERSHIP
from ingest.plan_kind import PLAN
from ingest.recognition import RECOGNITION
from ingest.register_table import REGISTER
from ingest.table_kind import TableKind

KINDS: dict[str, TableKind] = {
    "recognition": RECOGNITION,
    "register": REGISTER,
    "plans": PLAN,
    "membership": MEMBERSHIP,
    "intentions": INTENTIONS,
    "catalogue": CATALOGUE,
}
