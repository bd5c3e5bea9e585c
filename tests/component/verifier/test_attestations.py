# ruff: noqa: ANN401 a claim holds any JSON
"""SD-JWT VCs at the verifier: every lie one can tell, its status list, or who shows it, and the verdict on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.dids import did_document, did_jwk, did_key
from credentials.formats import FORMATS
from credentials.jose import b64, from_b64, sign
from credentials.keys import P256, SigningKey
from credentials.proofs import SD_JWT, SD_JWT_ES256
from credentials.proofs.key_binding import Occasion, bind
from credentials.proofs.sd_jwt import Disclosable, SdJwt, disclosed
from credentials.status import TokenStatus, TokenStatusList, seal_token_status_list
from schemas.events import CredentialState, Decision, StatusEntry
from tests.builders import a_learner, an_award, an_organisation
from tests.component.verifier.test_verdicts_of_credentials import decided
from tests.component.verifier.world import INDEX, ISSUED, LATER, LIST, MALLORY, UEX, Issuer, World, a_badge
from verifier.adapters.offline import engine
from verifier.domain.report import Outcome, Report
from verifier.domain.status import KnownState
from verifier.domain.trust import TrustedIssuer
from verifier.domain.verdicts import CheckId, Code
from verifier.handlers import VerifyCredential, VerifyForProtocol

MICRO, LEARNING = "verifiable-micro-credential", "eudi-learning-credential"
BOTH = pytest.mark.parametrize("name", [MICRO, LEARNING])
HOLDER = SigningKey.generate(P256)
READER, NONCE = "https://employer.example", "n-0S6_WzA2Mj"
OCCASION = Occasion(READER, NONCE)


def composed(name: str = MICRO, issuer: Issuer = UEX, **changes: Any) -> dict[str, Any]:
    """An unsealed document; `None` takes a claim out."""
    award = an_award(organisation=an_organisation(did=issuer.did), learner=a_learner(did=did_jwk(HOLDER.public)))
    status = StatusEntry(list=LIST, index=INDEX)
    document = FORMATS[name].compose(award, issued=ISSUED, status=status)
    return {claim: value for claim, value in {**document, **changes}.items() if disclosed(value) is not None}


def sealed(name: str = MICRO, issuer: Issuer = UEX, **changes: Any) -> str:
    token: str = SD_JWT.secure(composed(name, issuer, **changes), issuer.key, issuer.method, ISSUED)
    return token


def a_list(
    statuses: dict[int, int] | None = None, issuer: Issuer = UEX, *, url: str = LIST, bits: int = 2, **how: Any
) -> str:
    known: dict[str, Any] = {"issued": LATER - timedelta(hours=2), "expires": LATER + timedelta(days=1)}
    list_ = TokenStatusList.of(statuses or {}, bits=bits)
    return seal_token_status_list(url, list_, issuer.key, issuer.method, **{**known, **how})


def world(**changes: Any) -> World:
    return World(**{"tokens": {LIST: a_list()}, **changes})


async def verified(token: Any, within: World | None = None, **how: Any) -> Report:
    verify = VerifyCredential((within or world()).sources())
    return await verify(token, **{"at": LATER, **how})


@BOTH
async def test_a_genuine_attestation_is_genuine_and_currently_valid(name: str) -> None:
    report = await verified(sealed(name))
    decided(report, Decision.ACCEPT)
    assert report.sentence == "Genuine and currently valid"
    assert report.check(CheckId.HOLDER).outcome is Outcome.NOT_CHECKED
    summary = report.credential
    assert summary is not None
    assert (summary.format, summary.title) == (name, "Data ethics for public services")
    assert (summary.issuer.id, summary.issuer.name) == (UEX.did, "University of Example")
    assert summary.subject.name == "Ana Andromeda"
    assert {"learner", "learning-outcomes", "workload", "level"} <= {element.id for element in summary.elements}


async def test_it_is_read_from_bytes_from_json_and_with_space_around_it() -> None:
    token = sealed()
    for submission in (token.encode(), f"\n {token}\n", json.dumps(token), SdJwt.parse(token).to_json()):
        decided(await verified(submission), Decision.ACCEPT)


async def test_a_wallets_algorithm_verifies_too() -> None:
    issuer = Issuer(key=SigningKey.generate(P256))
    token = SD_JWT_ES256.secure(composed(), issuer.key, issuer.method, ISSUED)
    within = world(dids={UEX.did: issuer.document}, tokens={LIST: a_list(issuer=issuer)})
    decided(await verified(token, within), Decision.ACCEPT)


async def test_an_issuer_known_by_its_key_alone_is_for_a_person_to_judge() -> None:
    issuer = Issuer(did_key(UEX.key.public))
    token = SD_JWT.secure(composed(issuer=issuer), issuer.key, issuer.did + "#" + issuer.did[8:], ISSUED)
    listed = seal_token_status_list(
        LIST, TokenStatusList(), issuer.key, issuer.did + "#" + issuer.did[8:], issued=LATER
    )
    decided(await verified(token, world(tokens={LIST: listed})), Decision.REVIEW, Code.ISSUER_UNKNOWN)


@BOTH
async def test_what_is_shown_in_part_is_judged_by_what_is_shown(name: str) -> None:
    token = SdJwt.parse(sealed(name)).showing(lambda path: path[0] in {"title", "familyName", "family_name"}).text
    report = await verified(token)
    decided(report, Decision.ACCEPT)
    assert "not shown" in report.check(CheckId.FORMAT).message
    assert report.credential is not None
    assert report.credential.subject.name == "Andromeda"
    assert "Ana" not in str(report.told())


# What it says


@given(st.data())
async def test_one_changed_character_is_never_accepted(data: st.DataObject) -> None:
    token = sealed()
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("aZ0-~.").filter(lambda letter: letter != token[place]))
    report = await verified(token[:place] + letter + token[place + 1 :])
    assert report.decision in (Decision.REJECT, Decision.INDETERMINATE)


async def test_somebody_elses_signature_is_rejected() -> None:
    forged = SD_JWT.secure(composed(), MALLORY.key, UEX.method, ISSUED)
    decided(await verified(forged), Decision.REJECT, Code.SIGNATURE_INVALID)


async def test_somebody_elses_key_under_their_own_name_is_no_issuer() -> None:
    within = world(dids={UEX.did: UEX.document, MALLORY.did: MALLORY.document})
    forged = SD_JWT.secure(composed(), MALLORY.key, MALLORY.method, ISSUED)
    decided(await verified(forged, within), Decision.REJECT, Code.ISSUER_MISMATCH)


async def test_a_key_that_cannot_be_had_leaves_the_question_open() -> None:
    decided(await verified(sealed(), world(dids={})), Decision.INDETERMINATE, Code.KEY_UNAVAILABLE)


async def test_a_key_the_issuer_does_not_list_is_rejected() -> None:
    other = did_document(UEX.did, [("key-2", UEX.key.public)])
    decided(await verified(sealed(), world(dids={UEX.did: other})), Decision.REJECT, Code.KEY_NOT_LISTED)


async def test_a_token_that_names_no_key_cannot_be_checked() -> None:
    claims, _, disclosures = sealed().partition("~")
    said = SdJwt.parse(f"{claims}~").jws.claims()
    nameless = f"{sign({'typ': 'dc+sd-jwt'}, said, UEX.key)}~{disclosures}"
    decided(await verified(nameless), Decision.INDETERMINATE, Code.SIGNATURE_UNSUPPORTED)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_a_token_anybody_could_have_written_is_rejected(algorithm: str) -> None:
    _, rest = sealed().split(".", 1)
    head = b64(json.dumps({"alg": algorithm, "typ": "dc+sd-jwt", "kid": UEX.method}).encode())
    decided(await verified(f"{head}.{rest}"), Decision.REJECT, Code.SIGNATURE_INVALID)


async def test_a_smuggled_disclosure_is_malformed() -> None:
    extra = b64(json.dumps(["salt", "level", "EQF-8"]).encode())
    decided(await verified(f"{sealed()}{extra}~"), Decision.REJECT, Code.DOCUMENT_MALFORMED)


async def test_an_sd_jwt_of_another_type_is_no_credential() -> None:
    decided(
        await verified(sign({"typ": "JWT"}, {"iss": UEX.did}, UEX.key) + "~"), Decision.REJECT, Code.DOCUMENT_MALFORMED
    )


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("MC-IR-01", {"title": None}),
        ("MC-IR-02", {"dateOfBirth": Disclosable("2099-01-01")}),
        ("MC-IR-03", {"issuanceDate": Disclosable("2099-01-01")}),
        ("MC-IR-04", {"gradingScheme": None}),
        ("MC-IR-05", {"escoReference": Disclosable(["https://example.org"])}),
        ("MC-IR-06", {"notionalWorkload": Disclosable({"value": 60, "unit": "months"})}),
        ("MC-IR-07", {"partOfQualification": None}),
        ("MC-IR-08", {"qualityAssurance": Disclosable("programme-accreditation")}),
        ("MC-IR-09", {"familyName": "Andromeda"}),
        ("shape", {"stackable": Disclosable("yes")}),
        ("status", {"status": {"status_list": {"idx": "1", "uri": LIST}}}),
        ("period", {"exp": 1_000_000_000}),
        ("cnf", {"cnf": {"kid": "ana"}}),
    ],
)
async def test_a_broken_integrity_rule_is_named(rule: str, changes: dict[str, Any]) -> None:
    report = await verified(sealed(**changes))
    decided(report, Decision.REJECT, Code.FORMAT_INVALID)
    assert report.check(CheckId.FORMAT).evidence["rules"] == (rule,)


async def test_a_type_that_is_not_known_is_for_a_person_to_judge() -> None:
    claims = {"iss": UEX.did, "vct": "https://example.org/identity", "name": Disclosable("Ana")}
    token = SD_JWT.secure(claims, UEX.key, UEX.method, ISSUED)
    decided(await verified(token), Decision.REVIEW, Code.FORMAT_GENERIC)
    within = world()
    decided(await VerifyForProtocol(within.sources())(token, at=LATER), Decision.ACCEPT)
    untyped = SD_JWT.secure({"iss": UEX.did}, UEX.key, UEX.method, ISSUED)
    decided(await verified(untyped), Decision.REJECT, Code.FORMAT_INVALID)


async def test_it_expires_and_has_a_beginning() -> None:
    late = LATER + timedelta(days=4000)
    kept = world(tokens={LIST: a_list(expires=late + timedelta(days=1))})
    decided(await verified(sealed(), kept, at=late), Decision.REVIEW, Code.EXPIRED)
    begins = sealed(nbf=int((LATER + timedelta(days=1)).timestamp()))
    decided(await verified(begins), Decision.REJECT, Code.NOT_YET_VALID)


# Its status


@pytest.mark.parametrize(
    ("status", "decision", "codes"),
    [
        (TokenStatus.VALID, Decision.ACCEPT, ()),
        (TokenStatus.INVALID, Decision.REJECT, (Code.REVOKED,)),
        (TokenStatus.SUSPENDED, Decision.REJECT, (Code.SUSPENDED,)),
        (3, Decision.INDETERMINATE, (Code.STATUS_UNSUPPORTED,)),
    ],
)
async def test_what_its_status_list_says_counts(status: int, decision: Decision, codes: tuple[Code, ...]) -> None:
    report = await verified(sealed(), world(tokens={LIST: a_list({INDEX: status})}))
    decided(report, decision, *codes)
    assert report.check(CheckId.STATUS).evidence["listAgeSeconds"] == 7_200


@pytest.mark.parametrize(
    ("served", "code"),
    [
        (lambda: a_list(issuer=MALLORY), Code.STATUS_LIST_FOREIGN),
        (lambda: a_list(issuer=Issuer(UEX.did, MALLORY.key)), Code.STATUS_LIST_FORGED),
        (lambda: a_list(url="https://uex.example.org/status-lists/2"), Code.STATUS_LIST_MALFORMED),
        (lambda: a_list(expires=LATER - timedelta(minutes=1)), Code.STATUS_LIST_OUTDATED),
        (lambda: a_list(issued=LATER + timedelta(hours=1)), Code.STATUS_LIST_OUTDATED),
        (lambda: sign({"typ": "JWT", "kid": UEX.method}, {"sub": LIST}, UEX.key), Code.STATUS_LIST_MALFORMED),
        (
            lambda: sign({"typ": "statuslist+jwt", "kid": UEX.method}, {"sub": LIST}, UEX.key),
            Code.STATUS_LIST_MALFORMED,
        ),
        (lambda: {"status_list": {"bits": 1, "lst": "eNrbuRgAAhcBXQ"}}, Code.STATUS_LIST_MALFORMED),
        (lambda: "no token at all", Code.STATUS_LIST_MALFORMED),
        (
            lambda: seal_token_status_list(LIST, TokenStatusList(8), UEX.key, UEX.method, issued=LATER),
            Code.STATUS_INDEX_OUT_OF_RANGE,
        ),
        (
            lambda: seal_token_status_list(LIST, TokenStatusList(), UEX.key, f"{UEX.did}#key-2", issued=LATER),
            Code.STATUS_LIST_FORGED,
        ),
    ],
)
async def test_a_list_that_cannot_be_relied_on_says_nothing(served: Callable[[], Any], code: Code) -> None:
    decided(await verified(sealed(), world(tokens={LIST: served()})), Decision.INDETERMINATE, code)


async def test_a_list_out_of_reach_is_never_a_pass() -> None:
    decided(await verified(sealed(), world(tokens={})), Decision.INDETERMINATE, Code.STATUS_UNAVAILABLE)


async def test_what_this_house_announced_as_revoked_is_revoked_whatever_a_list_says() -> None:
    known = KnownState(CredentialState.REVOKED, "Issued to the wrong person.", LATER - timedelta(days=1))
    for tokens in ({LIST: a_list()}, {}, {LIST: "broken"}):
        report = await verified(sealed(), world(tokens=tokens, states={(LIST, INDEX): known}))
        decided(report, Decision.REJECT, Code.REVOKED)
        assert report.check(CheckId.STATUS).evidence["reason"] == "Issued to the wrong person."


async def test_without_a_status_there_is_nothing_to_look_up_and_of_another_kind_it_cannot_be() -> None:
    report = await verified(sealed(status=None))
    decided(report, Decision.ACCEPT)
    assert report.check(CheckId.STATUS).code is Code.STATUS_NONE
    decided(await verified(sealed(status={"other": {}})), Decision.INDETERMINATE, Code.STATUS_UNSUPPORTED)


# Who shows it


def shown(key: SigningKey = HOLDER, **how: Any) -> str:
    part = SdJwt.parse(sealed()).showing(lambda path: path[0] == "title").text
    return bind(part, key, **{"audience": READER, "nonce": NONCE, "issued": LATER, **how})


async def test_its_holder_is_known_by_the_key_on_the_occasion_that_was_named() -> None:
    report = await verified(shown(), occasion=OCCASION)
    decided(report, Decision.ACCEPT)
    assert report.check(CheckId.HOLDER).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "token",
    [
        sealed(),
        shown(MALLORY.key),
        shown(audience="https://elsewhere.example"),
        shown(nonce="another"),
        shown(issued=LATER - timedelta(days=1)),
    ],
    ids=["nobody", "a thief", "elsewhere", "another time", "long ago"],
)
async def test_whoever_else_shows_it_is_rejected(token: str) -> None:
    decided(await verified(token, occasion=OCCASION), Decision.REJECT, Code.HOLDER_UNPROVEN)


async def test_a_proof_that_is_there_has_to_hold_though_nobody_asked() -> None:
    report = await verified(shown())
    decided(report, Decision.ACCEPT)
    assert report.check(CheckId.HOLDER).outcome is Outcome.NOT_CHECKED
    decided(await verified(shown(MALLORY.key)), Decision.REJECT, Code.HOLDER_UNPROVEN)


async def test_a_credential_bound_to_nobody_proves_nothing() -> None:
    unbound = bind(sealed(cnf=None), HOLDER, audience=READER, nonce=NONCE, issued=LATER)
    decided(await verified(unbound, occasion=OCCASION), Decision.REJECT, Code.HOLDER_UNPROVEN)


async def test_a_badge_alone_cannot_answer_who_shows_it() -> None:
    decided(await verified(UEX.sign(a_badge()), occasion=OCCASION), Decision.REJECT, Code.HOLDER_UNPROVEN)


# From a folder


async def test_offline_it_is_verified_with_what_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "did.json").write_text(json.dumps(UEX.document))
    (tmp_path / "list.jwt").write_text(a_list())
    trusted = [TrustedIssuer(did=UEX.did, name="University of Example")]
    decided(await engine(tmp_path, trusted)(sealed(), at=LATER), Decision.ACCEPT)
    (tmp_path / "list.jwt").write_text(a_list({INDEX: TokenStatus.INVALID}))
    decided(await engine(tmp_path, trusted)(sealed(), at=LATER), Decision.REJECT, Code.REVOKED)
    (tmp_path / "list.jwt").unlink()
    decided(await engine(tmp_path, trusted)(sealed(), at=LATER), Decision.INDETERMINATE, Code.STATUS_UNAVAILABLE)


async def test_a_place_that_no_list_can_have_is_a_format_that_is_broken() -> None:
    report = await verified(sealed(status={"status_list": {"uri": LIST, "idx": 2**53}}))
    decided(report, Decision.REJECT, Code.FORMAT_INVALID)


@pytest.mark.parametrize("moment", [-62_135_596_800, 253_402_300_799])
@pytest.mark.parametrize("claim", ["exp", "nbf"])
async def test_a_holders_token_at_the_ends_of_time_is_no_accident(claim: str, moment: int) -> None:
    shown = bind(sealed(), HOLDER, audience=READER, nonce=NONCE, issued=LATER)
    *signed, holders = shown.split("~")
    claims = json.loads(from_b64(holders.split(".")[1])) | {claim: moment}
    again = sign({"typ": "kb+jwt"}, claims, HOLDER)
    assert (await verified("~".join([*signed, again]), occasion=OCCASION)).decision in set(Decision)
