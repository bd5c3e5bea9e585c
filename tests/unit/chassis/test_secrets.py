from __future__ import annotations

import base64
import multiprocessing
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from chassis.secrets import MasterKey, MasterKeyError, WrongMasterKey
from schemas.faults import Malformed, Unavailable


@dataclass(frozen=True)
class Told:
    var: Path
    master_key: SecretStr | None = None
    production: bool = False


def key_text(letter: bytes = b"k") -> SecretStr:
    return SecretStr(base64.b64encode(letter * 32).decode())


def test_what_was_wrapped_is_unwrapped_for_the_same_purpose_only(master: MasterKey) -> None:
    wrapped = master.wrap(b"secret", "a")
    assert master.unwrap(wrapped, "a") == b"secret"
    with pytest.raises(Malformed):
        master.unwrap(wrapped, "b")


def test_wrapping_twice_gives_two_ciphertexts(master: MasterKey) -> None:
    assert master.wrap(b"secret", "a") != master.wrap(b"secret", "a")


def test_no_byte_can_be_changed_unnoticed(master: MasterKey) -> None:
    wrapped = master.wrap(b"secret", "a")
    for place in range(len(wrapped)):
        changed = bytearray(wrapped)
        changed[place] ^= 1
        with pytest.raises((Malformed, WrongMasterKey)):
            master.unwrap(bytes(changed), "a")
    for length in range(len(wrapped)):
        with pytest.raises(Malformed):
            master.unwrap(wrapped[:length], "a")


def test_a_wrong_master_key_is_named_as_such_and_nothing_is_given_up_for_it(master: MasterKey) -> None:
    with pytest.raises(WrongMasterKey, match="another master key") as raised:
        MasterKey(b"x" * 32).unwrap(master.wrap(b"secret", "a"), "a")
    assert isinstance(raised.value, Unavailable), "retried, never parked"


def test_a_master_key_does_not_show_itself() -> None:
    key = b"do not print me, I am a secret!!"
    assert "print" not in repr(MasterKey(key))
    assert key.hex() not in repr(MasterKey(key))


def test_the_key_from_the_settings_is_used_and_no_file_is_made(tmp_path: Path) -> None:
    master = MasterKey.load(Told(tmp_path, key_text()))
    assert MasterKey(b"k" * 32).unwrap(master.wrap(b"x", "a"), "a") == b"x"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "short", "!" * 44, base64.b64encode(b"k" * 31).decode()])
def test_a_key_that_is_none_is_refused_without_being_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(MasterKeyError, match="LAUREL_MASTER_KEY must be base64 of 32 bytes"):
        MasterKey.load(Told(tmp_path, SecretStr(text)))


def test_production_refuses_to_start_without_a_key_even_when_a_file_lies_there(tmp_path: Path) -> None:
    MasterKey.load(Told(tmp_path))
    with pytest.raises(MasterKeyError, match="production needs LAUREL_MASTER_KEY"):
        MasterKey.load(Told(tmp_path, production=True))


def test_the_evaluation_house_makes_its_key_once_for_its_owner_only(tmp_path: Path) -> None:
    var = tmp_path / "var"
    first = MasterKey.load(Told(var))
    second = MasterKey.load(Told(var))
    assert second.unwrap(first.wrap(b"x", "a"), "a") == b"x"
    assert [file.name for file in var.iterdir()] == ["master.key"]
    assert stat.S_IMODE((var / "master.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(var.stat().st_mode) == 0o700


def test_a_key_file_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    MasterKey.load(Told(tmp_path))
    (tmp_path / "master.key").chmod(0o644)
    with pytest.raises(MasterKeyError, match="chmod 600"):
        MasterKey.load(Told(tmp_path))


def test_a_key_file_that_holds_no_key_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    file.write_text("half a k")
    file.chmod(0o600)
    with pytest.raises(MasterKeyError, match=r"master\.key must be base64"):
        MasterKey.load(Told(tmp_path))
    assert file.read_text() == "half a k"


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        keys = set(pool.map(_load, [tmp_path / "var"] * 16))
    assert len(keys) == 1


def _load(var: Path) -> str:
    return repr(MasterKey.load(Told(var)))
