"""An empty route of a FastAPI application that has nothing else, served as a house is: what all others are held to.

python -m tests.benchmarks.bare_route PORT
"""

from __future__ import annotations

import sys

import uvicorn
import uvloop
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def empty() -> dict[str, str]:
    """Nothing."""
    return {"status": "ok"}


if __name__ == "__main__":
    server = uvicorn.Server(
        uvicorn.Config(
            app, port=int(sys.argv[1]), log_config=None, access_log=False, server_header=False, proxy_headers=False
        )
    )
    uvloop.run(server.serve())
