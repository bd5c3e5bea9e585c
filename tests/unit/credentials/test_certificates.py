"""Certificates: who they name, and who vouches for them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from credentials.certificates import (
    ESeal,
    NotASeal,
    UnfitCertificate,
    Vouched,
    chain_to_anchor,
    legal_person,
    read_anchors,
)
from tests.builders import NOW
from tests.seals import PASSWORD, Authority, a_certificate, a_key, a_name, a_pkcs12, a_seal, an_authority

ROOT = an_authority()
SEAL = a_seal().certificate


def an_intermediate(name: str = "Intermediate", above: Authority = ROOT, **how: object) -> Authority:
    key = a_key("ec", hash(name))
    return Authority(a_certificate(a_name(name, name, None), key, above, **{"ca": True, **how}), key)  # type: ignore[arg-type]


def issued_by(authority: Authority, **how: object) -> x509.Certificate:
    return a_certificate(a_name("Seal"), a_key(), authority, **how)  # type: ignore[arg-type]


def vouched(certificate: x509.Certificate, *further: x509.Certificate, anchor: Authority = ROOT) -> Vouched:
    return chain_to_anchor(certificate, further, [anchor.certificate], NOW).outcome


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_seal_is_read_from_its_file(kind: str) -> None:
    seal = ESeal.from_pkcs12(a_pkcs12(kind), PASSWORD)
    assert (seal.holder.identifier, seal.holder.name, seal.holder.country) == (
        "VATIE-1234567X",
        "University of Example",
        "IRL",
    )
    assert seal.chain == (ROOT.certificate,)
    assert seal.valid_at(NOW)
    assert not seal.valid_at(NOW + timedelta(days=701))


@pytest.mark.parametrize(
    ("content", "password", "why"),
    [
        (a_pkcs12(), "another", "password"),
        (a_pkcs12(), None, "password"),
        (b"junk", PASSWORD, "cannot be read"),
        (a_pkcs12("p521"), PASSWORD, "neither RSA nor P-256"),
        (a_pkcs12("weak"), PASSWORD, "bits"),
        (a_pkcs12(subject=a_name("Seal", identifier=None)), PASSWORD, "2.5.4.97"),
        (a_pkcs12(subject=a_name("Seal", organisation=None)), PASSWORD, "one organisation"),
    ],
)
def test_what_is_no_seal_of_an_organisation_is_refused(content: bytes, password: str | None, why: str) -> None:
    with pytest.raises(NotASeal, match=why):
        ESeal.from_pkcs12(content, password)


def test_a_certificate_that_names_two_organisations_names_none() -> None:
    two = x509.Name([*a_name("Seal"), *a_name("Other")])
    with pytest.raises(UnfitCertificate):
        legal_person(a_certificate(two, a_key(), ROOT))


def test_a_chain_ends_at_an_authority_on_the_list() -> None:
    between = an_intermediate()
    assert vouched(SEAL) is Vouched.ANCHORED
    assert vouched(issued_by(between), between.certificate) is Vouched.ANCHORED
    assert chain_to_anchor(SEAL, (), [ROOT.certificate], NOW).authority == "Authority of Example"


def test_a_certificate_on_the_list_needs_nobody_else() -> None:
    assert chain_to_anchor(SEAL, (), [SEAL], NOW).outcome is Vouched.ANCHORED


def test_a_chain_that_ends_elsewhere_or_breaks_off_is_unknown() -> None:
    between = an_intermediate()
    assert chain_to_anchor(SEAL, (ROOT.certificate,), (), NOW).outcome is Vouched.UNKNOWN
    assert vouched(SEAL, anchor=an_authority("Another")) is Vouched.UNKNOWN
    assert vouched(issued_by(between)) is Vouched.UNKNOWN
    forged = Authority(a_certificate(ROOT.certificate.subject, a_key("ec", 7), ca=True), a_key("ec", 7))
    assert vouched(issued_by(forged), forged.certificate) is Vouched.UNKNOWN


def test_who_may_not_issue_vouches_for_nobody() -> None:
    leaf = Authority(SEAL, a_key())
    assert vouched(issued_by(leaf), SEAL) is Vouched.UNKNOWN
    old = an_intermediate("Old", end=NOW - timedelta(days=1))
    assert vouched(issued_by(old), old.certificate) is Vouched.UNKNOWN
    narrow = an_intermediate("Narrow", path_length=0)
    below = an_intermediate("Below", narrow)
    assert vouched(issued_by(narrow), narrow.certificate) is Vouched.ANCHORED
    assert vouched(issued_by(below), below.certificate, narrow.certificate) is Vouched.UNKNOWN
    limits = x509.NameConstraints(permitted_subtrees=[x509.DNSName("example.org")], excluded_subtrees=None)
    named = an_intermediate("Constrained", extra=limits)
    assert vouched(issued_by(named), named.certificate) is Vouched.UNKNOWN


def test_certificates_that_issue_each_other_end() -> None:
    one, other = an_intermediate("One"), an_intermediate("Other")
    round_trip = [
        a_certificate(one.certificate.subject, one.key, other, ca=True),
        a_certificate(other.certificate.subject, other.key, one, ca=True),
    ] * 5
    assert vouched(issued_by(one), *round_trip, anchor=an_authority("Another")) is Vouched.UNKNOWN


def test_anchors_are_read_from_pem() -> None:
    assert read_anchors(ROOT.certificate.public_bytes(Encoding.PEM)) == (ROOT.certificate,)
    with pytest.raises(UnfitCertificate):
        read_anchors(b"none")
