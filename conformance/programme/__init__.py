"""What `make conformance` runs: a file for each group, in it every suite with its command, and nothing twice."""

from collections.abc import Sequence

from conformance.programme import clients, cql2, oauth, ogc, openapi, stac
from conformance.suite import Suite

# Those that write come last: the others count what is there while they run.
PROGRAMME: Sequence[Suite] = (
    *cql2.SUITES,
    *stac.SUITES,
    *clients.SUITES,
    *ogc.SUITES,
    *oauth.SUITES,
    *openapi.SUITES,
)


def choose(wanted: Sequence[str]) -> list[Suite]:
    """The suites of these groups or names, in the order of the programme; raises ValueError for what there is not."""
    known = {name for suite in PROGRAMME for name in (suite.name, suite.group)}
    if unknown := [name for name in wanted if name not in known]:
        raise ValueError(f"There is no {unknown[0]!r}; there are {', '.join(sorted(known))}.")
    return [suite for suite in PROGRAMME if not wanted or {suite.name, suite.group} & set(wanted)]
