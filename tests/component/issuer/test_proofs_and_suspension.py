"""What settings may choose: other proofs, keys of other kinds, a second status list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chassis.access import Scope
from credentials.certificates import NotASeal
from credentials.dids import verification_key
from credentials.formats import UnsuitableProof
from credentials.keys import ED25519, P256, PublicKey
from credentials.proofs import VcJwt
from credentials.proofs.opened import Embedded, Opened
from credentials.status import StatusList
from issuer.settings import IssuerSettings
from tests.component.issuer.conftest import BASE_URL, House, a_house

REASON, AGAIN = "An appeal is under way.", "The appeal was upheld."


async def keys_of(house: House) -> dict[str, PublicKey]:
    document = (await house.client.get("/organisations/uex/did.json")).json()
    methods = [method["id"] for method in document["verificationMethod"]]
    return {method: verification_key(document, method) for method in methods}


async def genuine(house: House, opened: Opened) -> list[str | None]:
    """By which proofs and keys it holds; all have to."""
    results = opened.verify(await keys_of(house), now=house.clock.now)
    assert results
    assert all(result.verified for result in results)
    return [result.cryptosuite for result in results]


@pytest.mark.parametrize(
    ("proofs", "kinds"),
    [
        ("ecdsa-rdfc-2019", [P256]),
        ("ecdsa-jcs-2019", [P256]),
        ("eddsa-rdfc-2022, ecdsa-rdfc-2019", [ED25519, P256]),
    ],
)
async def test_documents_are_sealed_by_the_proofs_that_are_set_with_keys_of_their_kinds(
    tmp_path: Path, proofs: str, kinds: list[Any]
) -> None:
    async with a_house(tmp_path, IssuerSettings.model_validate({"proofs": proofs})) as house:
        issued = await house.issue()
        credential = (await house.client.get(house.path(issued["claim"]))).json()
        names = [name.strip() for name in proofs.split(",")]
        assert await genuine(house, Embedded(credential)) == names
        status_list = await house.client.get(house.path(credential["credentialStatus"]["statusListCredential"]))
        assert await genuine(house, Embedded(status_list.json())) == names
        assert [key.kind for key in (await keys_of(house)).values()] == kinds


@pytest.mark.parametrize(("proof", "algorithm"), [("vc-jwt-es256", "ES256"), ("vc-jwt-eddsa", "EdDSA")])
async def test_tokens_are_sealed_served_and_told_as_what_they_are(tmp_path: Path, proof: str, algorithm: str) -> None:
    async with a_house(tmp_path, IssuerSettings.model_validate({"proofs": proof})) as house:
        issued = await house.issue()
        answer = await house.client.get(house.path(issued["claim"]))
        assert answer.headers["content-type"] == "application/vc+jwt"
        opened = VcJwt.parse(answer.text)
        assert opened.jws.header["alg"] == algorithm
        assert await genuine(house, opened) == [f"vc+jwt {algorithm}"]
        assert opened.document["id"] == f"urn:uuid:{issued['award']}"
        by_platform = await house.client.get(f"/api/v1/credentials/{issued['award']}", headers=await house.platform())
        assert by_platform.content == answer.content
        file = await house.client.get(f"{house.path(issued['claim'])}/credential")
        assert file.headers["content-disposition"].endswith('.jwt"')
        assert file.content == answer.content
        page = await house.client.get(house.path(issued["claim"]), headers={"accept": "text/html"})
        assert answer.text in page.text


async def test_an_organisation_of_before_gets_the_key_that_a_new_proof_asks_for(tmp_path: Path) -> None:
    async with a_house(tmp_path, IssuerSettings()) as house:
        before = await keys_of(house)
        issued = await house.issue()
        earlier = (await house.client.get(house.path(issued["claim"]))).json()
    async with a_house(tmp_path, IssuerSettings(proofs=("ecdsa-rdfc-2019",)), registered=200) as house:
        after = await keys_of(house)
        assert before.items() <= after.items()
        assert [key.kind for key in after.values()] == [ED25519, P256]
        assert await genuine(house, Embedded(earlier)) == ["eddsa-rdfc-2022"]


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"proofs": "vc-jwt-es256, eddsa-rdfc-2022"}, UnsuitableProof),
        ({"proofs": "sd-jwt"}, UnsuitableProof),
        ({"format": "verifiable-micro-credential", "proofs": "vc-jwt-es256"}, UnsuitableProof),
        ({"format": "european-digital-credential", "proofs": "jades"}, NotASeal),
    ],
)
async def test_what_does_not_go_together_keeps_the_process_from_starting(
    tmp_path: Path,
    settings: dict[str, Any],
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        async with a_house(tmp_path, IssuerSettings.model_validate(settings)):
            pass


# Suspension


async def change(house: House, award: str, what: str, reason: str, scope: Scope = Scope.PROVIDER) -> Any:  # noqa: ANN401 an answer
    return await house.client.post(
        f"/api/v1/credentials/{award}/{what}", json={"reason": reason}, headers=await house.bearer(scope)
    )


async def test_suspended_and_reinstated_show_at_once(tmp_path: Path) -> None:
    async with a_house(tmp_path, IssuerSettings(suspension=True)) as house:
        issued = await house.issue()
        credential = (await house.client.get(house.path(issued["claim"]))).json()
        assert await genuine(house, Embedded(credential)) == ["eddsa-rdfc-2022"]
        entry = credential["credentialStatus"][1]
        url = house.path(entry["statusListCredential"])

        async def is_suspended() -> bool:
            answer = await house.client.get(url)
            assert answer.headers["content-type"] == "application/vc"
            assert answer.headers["cache-control"] == "no-cache"
            assert await genuine(house, Embedded(answer.json())) == ["eddsa-rdfc-2022"]
            assert answer.json()["id"] == f"{BASE_URL}{url}"
            again = await house.client.get(url, headers={"if-none-match": answer.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
            encoded = answer.json()["credentialSubject"]["encodedList"]
            return StatusList.decode(encoded).get(int(entry["statusListIndex"]))

        assert not await is_suspended()
        answer = await change(house, issued["award"], "suspension", REASON)
        assert (answer.status_code, answer.json()["state"], answer.json()["reason"]) == (200, "suspended", REASON)
        assert answer.json()["suspension"]["list"] == entry["statusListCredential"]
        assert await is_suspended()
        page = await house.client.get(house.path(issued["claim"]), headers={"accept": "text/html"})
        assert "was suspended" in page.text
        assert REASON in page.text

        answer = await change(house, issued["award"], "reinstatement", AGAIN)
        assert (answer.status_code, answer.json()["state"]) == (200, "active")
        assert not await is_suspended()
        page = await house.client.get(house.path(issued["claim"]), headers={"accept": "text/html"})
        assert "was suspended" not in page.text


async def test_what_cannot_be_suspended_says_why(tmp_path: Path) -> None:
    async with a_house(tmp_path, IssuerSettings()) as house:
        issued = await house.issue()
        for what in ("suspension", "reinstatement"):
            answer = await change(house, issued["award"], what, REASON)
            assert answer.status_code == 422
            assert answer.json()["type"] == "urn:laurel:problem:not-suspendable"
            assert "without a place" in answer.json()["detail"]


async def test_only_who_answers_for_a_credential_suspends_it(tmp_path: Path) -> None:
    async with a_house(tmp_path, IssuerSettings(suspension=True)) as house:
        issued = await house.issue()
        for what in ("suspension", "reinstatement"):
            path = f"/api/v1/credentials/{issued['award']}/{what}"
            assert (await house.client.post(path, json={"reason": REASON})).status_code == 401
            for headers in (await house.platform(), await house.bearer(Scope.PROVIDER, "other")):
                assert (await house.client.post(path, json={"reason": REASON}, headers=headers)).status_code == 403
            nowhere = await change(house, "00000000-0000-4000-8000-000000000000", what, REASON)
            assert nowhere.status_code == 404
        assert (await change(house, issued["award"], "reinstatement", AGAIN)).status_code == 409


async def test_an_organisation_without_lists_has_none_of_suspensions_either(tmp_path: Path) -> None:
    async with a_house(tmp_path, IssuerSettings(suspension=True)) as house:
        assert (await house.client.get("/organisations/uex/status-lists/1/suspension")).status_code == 404
        assert (await house.client.get("/organisations/nobody/status-lists/1/suspension")).status_code == 404
