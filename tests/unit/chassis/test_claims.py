from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from chassis.claims import Claims, Expired
from chassis.identity import Identity
from schemas.faults import NotFound

AWARD = UUID("6ba7b810-9dad-81d1-80b4-00c04fd430c8")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
CLAIMS = Claims(Identity(b"s" * 32))


def test_a_claim_token_leads_to_its_award_until_it_expires() -> None:
    token = CLAIMS.mint(AWARD, NOW)
    assert CLAIMS.read(token, NOW - timedelta(days=1)) == AWARD
    assert CLAIMS.read(token, NOW) == AWARD


def test_an_expired_one_says_so_and_what_to_do() -> None:
    with pytest.raises(Expired, match=r"expired on 2026-11-23 at 10:00 UTC: ask for a new one") as raised:
        CLAIMS.read(CLAIMS.mint(AWARD, NOW), NOW + timedelta(seconds=1))
    assert isinstance(raised.value, NotFound)


def test_a_token_fits_a_url() -> None:
    assert set(CLAIMS.mint(AWARD, NOW)) <= {*string.ascii_letters, *string.digits, "-", "_"}
    assert len(CLAIMS.mint(AWARD, NOW)) == 50


def test_no_character_can_be_changed_added_or_taken_away() -> None:
    token = CLAIMS.mint(AWARD, NOW)
    tampered = {token[:i] + letter + token[i + 1 :] for i in range(len(token)) for letter in "Ab0-_=. \u00e9"}
    tampered |= {token[:i] for i in range(len(token))}
    tampered |= {token + more for more in ("A", "=", "==", "\n", " ", "AAAA")}
    for guess in tampered - {token}:
        with pytest.raises(NotFound, match="no such claim link"):
            CLAIMS.read(guess, NOW)


@pytest.mark.parametrize("guess", ["", "x", str(AWARD), "A" * 50, "\x00", "../../etc/passwd", "\ud800", "é" * 50])
def test_a_guessed_one_is_not_found(guess: str) -> None:
    with pytest.raises(NotFound, match="no such claim link"):
        CLAIMS.read(guess, NOW)


def test_another_installations_is_not_found() -> None:
    with pytest.raises(NotFound):
        CLAIMS.read(Claims(Identity(b"t" * 32)).mint(AWARD, NOW), NOW)
