"""SoftHSM 2: a PKCS#11 module whose tokens are files. It is what a hardware module is to the programs that use it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.servers import report

NAME = "SoftHSM"
PIN = SecretStr("1234")
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")
"""Where Debian and Fedora put it."""


@dataclass(frozen=True)
class SoftToken:
    """A token of its own, with nothing in it."""

    module: Path
    label: str
    folder: Path
    """Where SoftHSM keeps all tokens of this run."""
    pin: SecretStr = PIN

    @property
    def environment(self) -> dict[str, str]:
        """How an issuer is told of it."""
        return {
            "LAUREL_ISSUER_PKCS11_MODULE": str(self.module),
            "LAUREL_ISSUER_PKCS11_TOKEN": self.label,
            "LAUREL_ISSUER_PKCS11_PIN": self.pin.get_secret_value(),
        }

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody reaches it until the end of the block."""
        elsewhere = self.folder.with_suffix(".away")
        self.folder.rename(elsewhere)
        try:
            yield
        finally:
            elsewhere.rename(self.folder)


@pytest.fixture(scope="session")
def make_token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], SoftToken]]:
    """Makes tokens. SoftHSM reads where they are from this process's environment."""
    program = shutil.which("softhsm2-util")
    module = next((path for path in map(Path, MODULES) if path.exists()), None)
    if program is None or module is None:
        report.missing(NAME, "it is not installed (Debian: softhsm2)")
    home = tmp_path_factory.mktemp("softhsm")
    tokens, configuration = home / "tokens", home / "softhsm2.conf"
    tokens.mkdir()
    configuration.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    report.found(NAME, f"{version}, with tokens made by the tests")
    numbers = count(1)

    def made() -> SoftToken:
        label = f"laurel-{next(numbers)}"
        command = [
            program,
            "--init-token",
            "--free",
            "--label",
            label,
            "--pin",
            PIN.get_secret_value(),
            "--so-pin",
            "so-pin",
        ]
        subprocess.run(command, capture_output=True, check=True)
        return SoftToken(module, label, tokens)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(configuration))
        yield made


@pytest.fixture
def token(make_token: Callable[[], SoftToken]) -> SoftToken:
    """One of its own for each test."""
    return make_token()
