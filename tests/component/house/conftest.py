from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.component.house.house import House, running


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path / "var") as house:
        yield house
