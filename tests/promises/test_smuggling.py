"""No second mail is smuggled in behind a first: the eight false ends, at a whole house, as ``python -m benchmarks smuggling`` prints them."""

from __future__ import annotations

import asyncio

from benchmarks.loops import Ground
from benchmarks.smuggling import FALSE_ENDS, Outcomes, smuggled
from houses import READER


def test_each_of_the_eight_false_ends_makes_one_mail_and_forges_nobody(migrated_url, tmp_path):
    outcomes = asyncio.run(smuggled(Ground(folder=tmp_path, stores=(migrated_url,), reader=READER)))
    assert [outcome.false_end for outcome in outcomes] == list(FALSE_ENDS)
    assert [outcome for outcome in outcomes if not outcome.held] == []
    table = Outcomes(outcomes=outcomes).report()
    assert table.count("| 250 | 1 | 1 | words of the first | 0 |") == 8
