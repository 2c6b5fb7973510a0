"""Stand-ins for the publishers: real HTTP servers on loopback that speak their wire formats.

    from tests.publishers import Fault, Publishers, V3Table

    with Publishers() as house:
        house.cbs_v3.put(V3Table.from_shared("84799NED"))
        house.cbs_v3.inject(Fault("TypedDataSet", kind="reset"))
        ...  # run the program with the settings in house.env
        assert house.cbs_v3.requests[0].status == 200

Every refusal and every oddity of the real services that is known is here on purpose: padded keys
that find nothing when the width is wrong, pages that name the next page, errors in place of long
answers. What is not known is not invented; a request that the stand-in does not understand is
refused, not guessed at.
"""

from tests.publishers.faults import Fault
from tests.publishers.house import Publishers
from tests.publishers.process import publishers_process
from tests.publishers.synthetic import small_source, small_table
from tests.publishers.v3_table import V3Table
from tests.publishers.v4_table import V4Table
from tests.publishers.wire import Answer, Request

__all__ = [
    "Answer",
    "Fault",
    "Publishers",
    "Request",
    "V3Table",
    "V4Table",
    "publishers_process",
    "small_source",
    "small_table",
]
