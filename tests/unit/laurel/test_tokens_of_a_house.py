import asyncio
from pathlib import Path

import anyio

from chassis.access import AccessTokens, Scope
from chassis.documents import SqliteDocuments
from laurel.house import keep_token


async def test_processes_that_start_at_once_leave_one_token_for_its_owners_eyes(tmp_path: Path) -> None:
    documents = SqliteDocuments(tmp_path / "access.sqlite")
    await documents.open()
    access = AccessTokens(documents)
    file = anyio.Path(tmp_path, "operator.token")
    try:
        tokens = await asyncio.gather(*(keep_token(access, Scope.OPERATOR, file) for _ in range(5)))
        assert set(tokens) == {await keep_token(access, Scope.OPERATOR, file)}
        assert (await access.authenticate(tokens[0])).scope is Scope.OPERATOR
        assert len(await access.list()) == 1, "what the slower ones issued is withdrawn"
        assert (await file.stat()).st_mode & 0o777 == 0o600
    finally:
        await documents.close()
