from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chassis.settings import Settings
from tests.component.monitor.house import Running, ToldLedgers, run


@pytest.fixture
def ledgers() -> ToldLedgers:
    return ToldLedgers()


@pytest.fixture
async def monitor(tmp_path: Path, ledgers: ToldLedgers) -> AsyncIterator[Running]:
    async with run(Settings(var=tmp_path / "var", stop_seconds=5), ledgers) as running:
        yield running
