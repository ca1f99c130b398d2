"""What clauses remark, in the Chinese of GB 30871: whole remarks, by their English.

Names of sources are no remarks. R stays R: a recommendation of docs/domain.md without a law behind it.
"""

from edge_agent.domain.cite_zh.gas import GAS
from edge_agent.domain.cite_zh.people import PEOPLE
from edge_agent.domain.cite_zh.sources import SOURCES
from edge_agent.domain.cite_zh.things import THINGS
from edge_agent.domain.cite_zh.works import WORKS

REMARKS = SOURCES | GAS | PEOPLE | WORKS | THINGS
