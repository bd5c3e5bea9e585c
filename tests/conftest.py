"""What every suite shares: servers that are found or started (`tests/servers`)."""

from __future__ import annotations

pytest_plugins = ["tests.servers.report", "tests.servers.mongo"]
