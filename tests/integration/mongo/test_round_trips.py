"""What a batch asks of the database does not grow with it, as counted on the wire."""

from __future__ import annotations

from tests.benchmarks.round_trips import SIZES, round_trips


async def test_a_batch_sends_the_same_commands_however_large_it_is(mongo_url: str) -> None:
    smallest, *larger = [await round_trips(mongo_url, size) for size in SIZES]
    assert larger == [smallest] * len(larger)
