"""One award in every form: sealed when it is first asked for, and the same bytes ever after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from chassis.access import Scope
from credentials.dids import did_jwk, did_key, verification_key
from credentials.formats import FORMATS
from credentials.issuance_log import digest_of
from credentials.keys import ED25519, P256, SigningKey
from credentials.proofs import VcJwt
from credentials.proofs.jades import SealedDocument
from credentials.proofs.key_binding import holder_key
from credentials.proofs.opened import Embedded, Opened
from credentials.proofs.sd_jwt_vc import SdJwtVc
from issuer.entrypoints.pages import KINDS
from issuer.handlers.forms import MOST
from issuer.ports import FORMS
from issuer.settings import IssuerSettings
from tests.builders import a_learner
from tests.component.issuer.conftest import House, a_house
from tests.seals import PASSWORD, a_pkcs12

EVERY_FORM = [
    ("european-digital-credential", "jades", "application/jose+json"),
    ("eudi-learning-credential", "sd-jwt-es256", "application/dc+sd-jwt"),
    ("verifiable-micro-credential", "sd-jwt", "application/dc+sd-jwt"),
    ("open-badges-3", "ecdsa-rdfc-2019", "application/vc"),
    ("open-badges-3", "vc-jwt-es256", "application/vc+jwt"),
    ("open-badges-3-vc-1-1", "eddsa-rdfc-2022", "application/vc"),
]
HOLDER = SigningKey.generate(P256)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """It seals Open Badges, and has a certificate besides."""
    (tmp_path / "seal.p12").write_bytes(a_pkcs12())
    settings = {"certificate": tmp_path / "seal.p12", "certificate_password": PASSWORD, "suspension": True}
    async with a_house(tmp_path, IssuerSettings.model_validate(settings)) as house:
        yield house


async def ask(house: House, issued: dict[str, Any], **wanted: str) -> httpx2.Response:
    return await house.client.get(f"{house.path(issued['claim'])}/credential", params=wanted)


async def asked(house: House, issued: dict[str, Any], **wanted: str) -> httpx2.Response:
    answer = await ask(house, issued, **wanted)
    assert answer.status_code == 200, answer.text
    return answer


def opened(answer: httpx2.Response) -> Opened:
    match answer.headers["content-type"]:
        case "application/jose+json":
            return SealedDocument.open(answer.json())
        case "application/dc+sd-jwt":
            return SdJwtVc.open(answer.text)
        case "application/vc+jwt":
            return VcJwt.parse(answer.text)
        case _:
            return Embedded(answer.json())


async def change(house: House, issued: dict[str, Any], what: str) -> None:
    answer = await house.client.post(
        f"/api/v1/credentials/{issued['award']}/{what}",
        json={"reason": "graded by mistake"},
        headers=await house.bearer(Scope.PROVIDER),
    )
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(("format_", "proof", "media_type"), EVERY_FORM)
async def test_an_award_is_had_in_every_form_later_and_always_the_same(
    house: House, format_: str, proof: str, media_type: str
) -> None:
    issued = await house.issue()
    original = await asked(house, issued)
    house.clock.now += timedelta(days=3)
    answer = await asked(house, issued, format=format_, proof=proof)
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == "no-store"
    assert f"credential-{issued['award']}-{format_}." in answer.headers["content-disposition"]

    credential = opened(answer)
    document = (await house.client.get("/organisations/uex/did.json")).json()
    keys = {method: verification_key(document, method) for method in credential.methods}
    results = credential.verify(keys, now=house.clock.now)
    assert results
    assert all(result.verified for result in results)
    reading = FORMATS[format_].read(credential.document)
    assert reading.id == f"urn:uuid:{issued['award']}"

    house.clock.now += timedelta(days=3)
    assert (await asked(house, issued, format=format_, proof=proof)).content == answer.content
    by_platform = await house.client.get(
        f"/api/v1/credentials/{issued['award']}",
        params={"format": format_, "proof": proof},
        headers=await house.platform(),
    )
    assert by_platform.content == answer.content
    assert (await asked(house, issued)).content == original.content


async def test_asking_for_the_form_it_was_issued_in_gives_that_one(house: House) -> None:
    issued = await house.issue()
    original = await asked(house, issued)
    for wanted in ({"format": "open-badges-3"}, {"proof": "eddsa-rdfc-2022"}):
        assert (await asked(house, issued, **wanted)).content == original.content
    assert await house.documents.collection(FORMS).count({}) == 0


async def test_every_form_says_when_the_award_was_issued_whenever_it_is_sealed(house: House) -> None:
    issued = await house.issue()
    at = (await house.outcome(issued["award"])).decided
    assert at is not None
    house.clock.now += timedelta(days=20)
    learning = opened(await asked(house, issued, format="eudi-learning-credential")).document
    assert learning["date_of_issuance"] == f"{at:%Y-%m-%d}"
    badge = (await asked(house, issued, format="open-badges-3", proof="ecdsa-rdfc-2019")).json()
    assert badge["validFrom"] == f"{at:%Y-%m-%dT%H:%M:%SZ}"
    assert badge["proof"][0]["created"] == f"{house.clock.now:%Y-%m-%dT%H:%M:%SZ}"


async def test_first_requests_at_the_same_time_get_one_form(house: House) -> None:
    issued = await house.issue()
    answers = await asyncio.gather(*(asked(house, issued, format="verifiable-micro-credential") for _ in range(8)))
    assert len({answer.content for answer in answers}) == 1
    assert await house.documents.collection(FORMS).count({}) == 1


async def test_what_rests_here_of_a_form_names_nobody(house: House) -> None:
    issued = await house.issue()
    holder = did_jwk(HOLDER.public)
    await asked(house, issued, format="verifiable-micro-credential", holder=holder)
    (form,) = (await house.documents.collection(FORMS).find({})).items
    at_rest = form.model_dump_json()
    assert not [word for word in (a_learner().full_name, "Andromeda", holder) if word in at_rest]


@pytest.mark.parametrize("format_", ["eudi-learning-credential", "verifiable-micro-credential"])
async def test_an_attestation_is_bound_to_the_key_that_is_named(house: House, format_: str) -> None:
    issued = await house.issue()
    for holder in (SigningKey.generate(P256), SigningKey.generate(ED25519)):
        for did in (did_jwk(holder.public), did_key(holder.public)):
            answer = await asked(house, issued, format=format_, holder=did)
            assert holder_key(opened(answer).document) == holder.public
            assert (await asked(house, issued, format=format_, holder=did)).content == answer.content
    unbound = opened(await asked(house, issued, format=format_)).document
    assert "cnf" not in unbound


async def test_a_badge_is_bound_to_the_holder_as_well(house: House) -> None:
    issued = await house.issue()
    badge = (await asked(house, issued, holder=did_key(HOLDER.public))).json()
    assert badge["credentialSubject"]["id"] == did_key(HOLDER.public)
    assert "id" not in (await asked(house, issued)).json()["credentialSubject"]


async def test_an_award_that_is_bound_is_bound_to_nobody_else(house: House) -> None:
    learner = a_learner(did=did_key(HOLDER.public)).model_dump(mode="json", exclude_none=True)
    issued = await house.issue(learner=learner)
    await asked(house, issued, format="verifiable-micro-credential", holder=did_key(HOLDER.public))
    other = did_key(SigningKey.generate().public)
    answer = await ask(house, issued, format="verifiable-micro-credential", holder=other)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:laurel:problem:held-by-another")


@pytest.mark.parametrize(
    ("wanted", "status", "problem", "says"),
    [
        (
            {"format": "pdf"},
            400,
            "form-not-offered",
            "offered: open-badges-3, open-badges-3-vc-1-1, euro",
        ),
        ({"format": "open-badges-3", "proof": "jades"}, 400, "form-not-offered", "offered: eddsa-rdfc-2022"),
        ({"format": "verifiable-micro-credential", "proof": "eddsa-rdfc-2022"}, 400, "form-not-offered", "sd-jwt"),
        ({"proof": "sd-jwt"}, 400, "form-not-offered", "'sd-jwt' does not seal Open Badges 3.0 here"),
        ({"holder": "did:web:example.org"}, 400, "holder-unknown", "did:key or did:jwk"),
        ({"holder": "did:key:z6MkNotAKey"}, 400, "holder-unknown", "Ed25519 or P-256"),
        ({"holder": "Ana"}, 400, "malformed", "holder"),
        ({"fromat": "open-badges-3"}, 400, "malformed", "fromat"),
    ],
)
async def test_what_cannot_be_asked_for_is_told_with_what_can(
    house: House, wanted: dict[str, str], status: int, problem: str, says: str
) -> None:
    issued = await house.issue()
    answer = await ask(house, issued, **wanted)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:laurel:problem:{problem}")
    assert says in answer.json()["detail"]


async def test_without_a_certificate_there_is_no_european_digital_credential(tmp_path: Path) -> None:
    async with a_house(tmp_path, IssuerSettings()) as house:
        issued = await house.issue()
        answer = await ask(house, issued, format="european-digital-credential")
        assert answer.status_code == 400
        assert "european-digital-credential" not in answer.json()["offered"]
        formats = (await house.client.get("/api/v1/formats")).json()["items"]
        assert {one["name"]: one["offered"][:1] for one in formats}["european-digital-credential"] == []


async def test_formats_tell_what_they_can_be_had_with_the_houses_own_proof_first(tmp_path: Path) -> None:
    async with a_house(tmp_path, IssuerSettings(proofs=("ecdsa-rdfc-2019",))) as house:
        formats = (await house.client.get("/api/v1/formats")).json()["items"]
        offered = {one["name"]: one["offered"] for one in formats}
        assert offered["open-badges-3"][:2] == ["ecdsa-rdfc-2019", "eddsa-rdfc-2022"]
        assert offered["verifiable-micro-credential"] == ["sd-jwt-es256", "sd-jwt"]


async def test_an_award_that_a_format_cannot_say_is_refused_with_what_is_missing(house: House) -> None:
    learner = a_learner(given_name=None, family_name=None).model_dump(mode="json", exclude_none=True)
    issued = await house.issue(learner=learner)
    answer = await ask(house, issued, format="verifiable-micro-credential")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:laurel:problem:unsayable")
    assert "missing: givenName, familyName" in answer.json()["detail"]
    page = await house.client.get(house.path(issued["claim"]), headers={"accept": "text/html"})
    assert "Not to be had for this credential: missing: givenName, familyName" in page.text


@pytest.mark.parametrize("what", ["revocation", "suspension"])
async def test_what_holds_no_more_is_not_sealed_anew_and_what_was_sealed_stays(house: House, what: str) -> None:
    issued = await house.issue()
    kept = await asked(house, issued, format="eudi-learning-credential")
    await change(house, issued, what)
    assert (await asked(house, issued, format="eudi-learning-credential")).content == kept.content
    answer = await ask(house, issued, format="verifiable-micro-credential")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:laurel:problem:holds-no-more")
    page = await house.client.get(house.path(issued["claim"]), headers={"accept": "text/html"})
    assert "for other places" not in page.text
    if what == "suspension":
        await change(house, issued, "reinstatement")
        await asked(house, issued, format="verifiable-micro-credential")


async def test_what_has_ended_is_not_sealed_anew(house: House) -> None:
    issued = await house.issue()
    house.clock.now = (await house.outcome(issued["award"])).credential.valid_until  # type: ignore[union-attr, assignment]
    link = await house.client.post(f"/api/v1/credentials/{issued['award']}/claim", headers=await house.platform())
    answer = await ask(house, link.json(), format="verifiable-micro-credential")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:laurel:problem:holds-no-more")


async def test_all_forms_have_the_awards_one_place_in_the_lists(house: House) -> None:
    issued = await house.issue()
    credential = (await house.outcome(issued["award"])).credential
    assert credential is not None
    place = (credential.status.list, credential.status.index)
    attested = opened(await asked(house, issued, format="verifiable-micro-credential")).document
    assert attested["status"]["status_list"] == {"uri": place[0], "idx": place[1]}
    badge = (await asked(house, issued, format="open-badges-3", proof="ecdsa-jcs-2019")).json()
    entries = [(one["statusListCredential"], int(one["statusListIndex"])) for one in badge["credentialStatus"]]
    assert entries == [place, (f"{place[0]}/suspension", place[1])]


async def test_a_badge_of_an_award_that_can_be_suspended_says_where_that_is_told(tmp_path: Path) -> None:
    settings = IssuerSettings(format="verifiable-micro-credential", proofs=("sd-jwt",))
    async with a_house(tmp_path, settings) as house:
        issued = await house.issue()
        badge = (await asked(house, issued, format="open-badges-3")).json()
        purposes = [entry["statusPurpose"] for entry in badge["credentialStatus"]]
        assert purposes == ["revocation", "suspension"]
        listed = await house.client.get(house.path(badge["credentialStatus"][1]["statusListCredential"]))
        assert listed.json()["credentialSubject"]["statusPurpose"] == "suspension"


async def test_each_form_stands_in_the_issuance_log(house: House) -> None:
    issued = await house.issue()
    for format_, proof, _ in EVERY_FORM:
        answer = await asked(house, issued, format=format_, proof=proof)
        sealed = answer.json() if answer.text.startswith("{") else answer.text
        said = (await house.client.get(f"/organisations/uex/issuance-log/proofs/{digest_of(sealed)}")).json()
        assert said["steps"], (format_, proof)


async def test_an_erased_learner_is_read_in_no_form(house: House) -> None:
    issued = await house.issue()
    await asked(house, issued, format="eudi-learning-credential")
    erased = await house.client.post(
        "/api/v1/erasures", json={"award": issued["award"]}, headers=await house.bearer(Scope.OPERATOR)
    )
    assert erased.status_code == 200
    for format_ in ("eudi-learning-credential", "verifiable-micro-credential"):
        answer = await ask(house, issued, format=format_)
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:laurel:problem:erased")


async def test_an_award_is_not_sealed_for_ever_more_keys(house: House) -> None:
    issued = await house.issue()
    await asked(house, issued, format="eudi-learning-credential")
    (form,) = (await house.documents.collection(FORMS).find({})).items
    more = [form.model_copy(update={"id": f"{form.id}/{number}"}) for number in range(1, MOST)]
    await house.documents.collection(FORMS).insert_many(more)
    answer = await ask(house, issued, format="verifiable-micro-credential")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:laurel:problem:too-many-forms")
    assert (await ask(house, issued, format="eudi-learning-credential")).status_code == 200


async def test_the_claim_page_offers_every_form_once(house: House) -> None:
    issued = await house.issue()
    page = await house.client.get(house.path(issued["claim"]), headers={"accept": "text/html"})
    links = [part.partition('"')[0] for part in page.text.split('href="') if "?format=" in part]
    files = {}
    for link in links:
        answer = await house.client.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200, (link, answer.text)
        files[link] = answer.headers["content-type"]
    assert sorted(files.values()) == [
        "application/dc+sd-jwt",
        "application/dc+sd-jwt",
        "application/jose+json",
        "application/vc",
        "application/vc+jwt",
    ]


async def test_a_form_is_asked_for_by_its_platform_alone(house: House) -> None:
    issued = await house.issue()
    path = f"/api/v1/credentials/{issued['award']}"
    wanted = {"format": "verifiable-micro-credential"}
    assert (await house.client.get(path, params=wanted)).status_code == 401
    stranger = await house.platform("another-moodle")
    assert (await house.client.get(path, params=wanted, headers=stranger)).status_code == 403
    assert await house.documents.collection(FORMS).count({}) == 0


def test_people_have_a_name_for_every_kind_of_file_that_is_offered() -> None:
    assert {proof.media_type for format_ in FORMATS.values() for proof in format_.proofs} <= KINDS.keys()
