"""Supply chains: who supplies whom, what incoming quality does downstream, what mending a supplier gives."""

from models.chains.carrying import Carry, carried
from models.chains.keeping import Chains, keep_chains, kept_chains
from models.chains.links import Links, read_links
from models.chains.members import Member, members_of
from models.chains.mending import Mended, mend
from models.chains.months import Months, months_of
from models.chains.study import Study, study

__all__ = [
    "Carry",
    "Chains",
    "Links",
    "Member",
    "Mended",
    "Months",
    "Study",
    "carried",
    "keep_chains",
    "kept_chains",
    "members_of",
    "mend",
    "months_of",
    "read_links",
    "study",
]
