"""`laurel verify`, on credentials under an e-seal."""

from __future__ import annotations

from pathlib import Path

import orjson
from cryptography.hazmat.primitives.serialization import Encoding
from typer.testing import CliRunner

from credentials.formats import EUROPEAN_DIGITAL_CREDENTIAL
from credentials.proofs import JADES
from laurel.cli import main
from tests.builders import NOW, a_status_entry, an_award
from tests.seals import a_seal, an_authority

AT = ("--offline", "--at", "2026-12-01")


def a_file(folder: Path) -> str:
    document = EUROPEAN_DIGITAL_CREDENTIAL.compose(an_award(), issued=NOW, status=a_status_entry())
    path = folder / "credential.json"
    path.write_bytes(orjson.dumps(JADES.sealing_with(a_seal()).secure(document, None, None, NOW)))
    return str(path)


def test_whom_to_rely_on_is_told_in_a_file(tmp_path: Path) -> None:
    authorities = tmp_path / "authorities.pem"
    authorities.write_bytes(an_authority().certificate.public_bytes(Encoding.PEM))
    file = a_file(tmp_path)
    relied = CliRunner().invoke(main, ["verify", *AT, "--authorities", str(authorities), file])
    assert (relied.exit_code, "Genuine and currently valid" in relied.output) == (0, True)
    assert CliRunner().invoke(main, ["verify", *AT, file]).exit_code == 2


def test_a_file_of_authorities_that_is_none_is_said(tmp_path: Path) -> None:
    file = a_file(tmp_path)
    for authorities in (str(tmp_path / "nowhere.pem"), file):
        assert CliRunner().invoke(main, ["verify", *AT, "--authorities", authorities, file]).exit_code == 4
