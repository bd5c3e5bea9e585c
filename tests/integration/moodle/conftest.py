"""A real Moodle with the plugin installed, found by MOODLE_URL and MOODLE_DIR; and a bridge it is set up for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.integration.moodle.courses import Course
from tests.integration.moodle.real import SECRET, Bridge, Site

PLUGIN = Path(__file__).parents[3] / "plugins/moodle-bridge/local_laurel"


@pytest.fixture(scope="session")
def site() -> Site:
    """The site that MOODLE_URL and MOODLE_DIR name; without one these tests say so."""
    if not {"MOODLE_URL", "MOODLE_DIR"} <= os.environ.keys():
        pytest.skip("no Moodle here: set MOODLE_URL and MOODLE_DIR to a test site with the plugin installed")
    root = Path(os.environ["MOODLE_DIR"])
    installed = next((path for path in (root / "local/laurel", root / "public/local/laurel") if path.is_dir()), None)
    assert installed is not None, "install the plugin first: copy local_laurel to local/laurel and upgrade"
    for path in PLUGIN.rglob("*.php"):
        same = installed / path.relative_to(PLUGIN)
        assert same.is_file(), f"the site has no {same.name}: install again"
        assert same.read_bytes() == path.read_bytes(), f"the site has another {same.name}: install again"
    found = Site(os.environ["MOODLE_URL"], root)
    assert found.call("undelivered") == 0, (
        "deliveries wait on this site: it is no test site, or it was left in the middle of one"
    )
    return found


@pytest.fixture
def bridge(site: Site) -> Iterator[Bridge]:
    """A bridge the site is set up for; its settings are put back afterwards."""
    with Bridge() as running, site.set_up_for(f"http://127.0.0.1:{running.port}", "test-site", SECRET, "*"):
        yield running


@pytest.fixture
def course(site: Site) -> Iterator[Course]:
    idnumber = f"offering-{uuid4().hex[:12]}"
    made = site.call("course", idnumber=idnumber)
    yield Course(site, made["course"], made["cm"], idnumber)
    site.call("forget", course=made["course"])
