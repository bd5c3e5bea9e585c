"""The issuer over HTTP: what it answers, to whom, and what it does not tell."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chassis.access import Scope
from credentials.canonical import Way
from credentials.dids import verification_key
from credentials.jose import Jws
from credentials.keys import PublicKey
from credentials.proofs import ProofOutcome, verify_proofs
from credentials.status import ReadStatusList, StatusList, TokenStatus
from schemas.values import JsonObject
from tests.builders import an_id, an_offering
from tests.component.issuer.conftest import BASE_URL, House, a_draft, a_word

REASON = "Issued to the wrong person."
PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def genuine(house: House, document: JsonObject) -> bool:
    """Whether every proof verifies, with the key found as any verifier finds it: in the issuer's DID document."""
    issuer = document["issuer"] if isinstance(document["issuer"], str) else document["issuer"]["id"]
    did_document = (await house.client.get(f"/organisations/{issuer.rpartition(':')[2]}/did.json")).json()
    keys: dict[str, PublicKey] = {
        method["id"]: verification_key(did_document, method["id"]) for method in did_document["verificationMethod"]
    }
    results = verify_proofs(document, keys, now=house.clock.now)
    return bool(results) and all(result.outcome is ProofOutcome.VERIFIED for result in results)


async def test_a_credential_is_issued_claimed_and_genuine(house: House) -> None:
    issued = await house.issue()
    assert issued["state"] == "issued"
    assert issued["claim"].startswith(f"{BASE_URL}/claims/")

    claimed = await house.client.get(house.path(issued["claim"]), headers={"accept": "application/json"})
    assert claimed.status_code == 200
    assert claimed.headers["content-type"] == "application/vc"
    credential = claimed.json()
    assert "OpenBadgeCredential" in credential["type"]
    assert await genuine(house, credential)
    credential["credentialSubject"]["achievement"]["name"] = "Another title"
    assert not await genuine(house, credential)


async def test_the_status_list_is_signed_and_shows_a_revocation_at_once(house: House) -> None:
    issued = await house.issue()
    credential = (await house.client.get(house.path(issued["claim"]))).json()
    entry = credential["credentialStatus"]
    entry = entry[0] if isinstance(entry, list) else entry
    url, index = house.path(entry["statusListCredential"]), int(entry["statusListIndex"])

    before = await house.client.get(url)
    assert before.headers["content-type"] == "application/vc"
    assert before.headers["cache-control"] == "no-cache"
    assert before.headers["access-control-allow-origin"] == "*"
    assert await genuine(house, before.json())
    assert not StatusList.decode(before.json()["credentialSubject"]["encodedList"]).get(index)
    same = await house.client.get(url, headers={"if-none-match": before.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")

    revoked = await house.client.post(
        f"/api/v1/credentials/{issued['award']}/revocation",
        json={"reason": REASON},
        headers=await house.bearer(Scope.PROVIDER),
    )
    assert revoked.status_code == 200, revoked.text
    assert (revoked.json()["state"], revoked.json()["reason"]) == ("revoked", REASON)

    after = await house.client.get(url, headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert StatusList.decode(after.json()["credentialSubject"]["encodedList"]).get(index)
    assert await genuine(house, after.json())


async def test_the_same_address_serves_a_status_list_token_to_who_reads_tokens(house: House) -> None:
    issued = await house.issue()
    entry = (await house.client.get(house.path(issued["claim"]))).json()["credentialStatus"]
    url = house.path(entry["statusListCredential"])
    accepting = {"accept": "application/statuslist+jwt"}

    answer = await house.client.get(url, headers=accepting)
    assert answer.headers["content-type"] == "application/statuslist+jwt"
    assert answer.headers["vary"] == "accept"
    token = Jws.parse(answer.text)
    did, _, _ = token.header["kid"].partition("#")
    document = (await house.client.get(f"/organisations/{did.rpartition(':')[2]}/did.json")).json()
    assert token.verify(verification_key(document, token.header["kid"]))
    read = ReadStatusList.of(token)
    assert read.url == entry["statusListCredential"]
    assert read.list.get(int(entry["statusListIndex"])) == TokenStatus.VALID

    etag = answer.headers["etag"]
    assert (await house.client.get(url, headers={**accepting, "if-none-match": etag})).status_code == 304
    assert (await house.client.get(url, headers={"if-none-match": etag})).status_code == 200


async def test_revoking_again_for_another_reason_is_a_conflict(house: House) -> None:
    issued = await house.issue()
    operator = await house.bearer(Scope.OPERATOR, None)
    path = f"/api/v1/credentials/{issued['award']}/revocation"
    assert (await house.client.post(path, json={"reason": REASON}, headers=operator)).status_code == 200
    assert (await house.client.post(path, json={"reason": REASON}, headers=operator)).status_code == 200
    again = await house.client.post(path, json={"reason": "Plagiarism."}, headers=operator)
    assert again.status_code == 409
    assert again.json()["type"] == "urn:laurel:problem:conflict"


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x" * 501}, {"reason": "x", "more": 1}, [], "x"])
async def test_a_revocation_without_a_good_reason_is_malformed(house: House, body: Any) -> None:  # noqa: ANN401 any JSON
    issued = await house.issue()
    answer = await house.client.post(
        f"/api/v1/credentials/{issued['award']}/revocation", json=body, headers=await house.bearer(Scope.PROVIDER)
    )
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_did_document_holds_the_key_that_signed_and_may_be_read_by_any_site(house: House) -> None:
    answer = await house.client.get("/organisations/uex/did.json")
    assert answer.status_code == 200
    assert answer.json()["id"] == "did:web:localhost%3A8000:organisations:uex"
    assert answer.headers["content-type"].startswith("application/did")
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_an_outcome_is_told_with_a_fresh_claim_link(house: House) -> None:
    issued = await house.issue()
    answer = await house.client.get(
        f"/api/v1/completions/{issued['completion']}/outcome", headers=await house.platform()
    )
    said = answer.json()
    assert (said["state"], said["award"], said["reason"]) == ("issued", issued["award"], None)
    assert (await house.client.get(house.path(said["claim"]))).status_code == 200


async def test_a_refusal_at_a_providers_word_is_told_with_its_reason(house: House) -> None:
    provider = await house.bearer(Scope.PROVIDER)
    answer = await house.client.post("/api/v1/issuances", json=a_word(passed=False), headers=provider)
    assert answer.status_code == 422
    assert answer.json()["reason"] == "assessment-failed"
    unknown = await house.client.post("/api/v1/issuances", json=a_word(offering="knots"), headers=provider)
    assert unknown.json()["reason"] == "offering-unknown"
    lacking = an_offering(id="lacking", workload=None)
    await house.publish(lacking)
    missing = await house.client.post("/api/v1/issuances", json=a_word(offering="lacking"), headers=provider)
    assert "Notional workload" in missing.json()["detail"]


async def test_an_administrator_issues_for_the_offerings_own_organisation(house: House) -> None:
    admin = await house.bearer(Scope.ADMIN, None)
    answer = await house.client.post("/api/v1/issuances", json=a_word(), headers=admin)
    assert answer.status_code == 201
    assert (await house.outcome(answer.json()["award"])).organisation == "uex"


@pytest.mark.parametrize(
    "changes",
    [
        {"offering": "Not A Slug"},
        {"learner": {}},
        {"learner": {"full_name": "Ana", "email": "nonsense"}},
        {"completed": "yesterday"},
        {"completed": "2026-11-23T10:00:00"},
        {"completed": "2100-01-01T00:00:00Z"},
        {"more": 1},
    ],
)
async def test_a_word_that_cannot_be_read_is_malformed(house: House, changes: dict[str, Any]) -> None:
    answer = await house.client.post(
        "/api/v1/issuances", json=a_word(**changes), headers=await house.bearer(Scope.PROVIDER)
    )
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_account_lists_every_decision_by_ids_alone_a_page_at_a_time(house: House) -> None:
    awards = []
    for day in range(1, 6):
        house.clock.now += timedelta(minutes=1)
        awards.append((await house.issue(completed=f"2026-11-0{day}T10:00:00Z"))["award"])
    operator = await house.bearer(Scope.OPERATOR, None)
    seen: list[dict[str, Any]] = []
    after = None
    while True:
        page = await house.client.get(
            "/api/v1/account/outcomes", params={"limit": 2, **({"after": after} if after else {})}, headers=operator
        )
        seen += page.json()["items"]
        if (after := page.json()["next"]) is None:
            break
    assert [entry["award"] for entry in seen] == awards
    assert {entry["state"] for entry in seen} == {"issued"}
    assert set(seen[0]) == {"completion", "award", "platform", "state", "reason", "decided", "replaces", "status"}
    assert len({entry["status"]["index"] for entry in seen}) == 5

    since = seen[3]["decided"]
    later = await house.client.get("/api/v1/account/outcomes", params={"since": since}, headers=operator)
    assert [entry["award"] for entry in later.json()["items"]] == awards[3:]
    nonsense = await house.client.get("/api/v1/account/outcomes", params={"after": "nonsense"}, headers=operator)
    assert nonsense.status_code == 400


async def test_organisations_are_registered_once_and_listed(house: House) -> None:
    admin = await house.bearer(Scope.ADMIN, None)
    again = await house.client.post("/api/v1/organisations", json=a_draft(), headers=admin)
    assert again.status_code == 200
    other = await house.client.post("/api/v1/organisations", json=a_draft(country="FRA"), headers=admin)
    assert other.status_code == 409
    assert (await house.client.post("/api/v1/organisations", json={"id": "x"}, headers=admin)).status_code == 400
    listed = await house.client.get("/api/v1/organisations", headers=admin)
    assert [organisation["id"] for organisation in listed.json()["items"]] == ["uex"]


async def test_what_a_rotated_key_signed_stays_genuine_and_what_follows_is_signed_by_the_new_one(house: House) -> None:
    before = await house.issue()
    rotated = await house.client.post("/api/v1/organisations/uex/keys", headers=await house.bearer(Scope.ADMIN, None))
    assert rotated.status_code == 201
    after = await house.issue(completed="2026-11-20T10:00:00Z")
    old, new = [
        (await house.client.get(f"{house.path(issued['claim'])}/credential")).json() for issued in (before, after)
    ]
    assert await genuine(house, old)
    assert await genuine(house, new)
    assert new["proof"][0]["verificationMethod"] == rotated.json()["verification_method"]
    assert old["proof"][0]["verificationMethod"] != new["proof"][0]["verificationMethod"]


# Claim links


async def test_the_claim_page_shows_the_credential_and_is_kept_private(house: House) -> None:
    issued = await house.issue()
    page = await house.client.get(house.path(issued["claim"]), headers=PAGE)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    for shown in ("Ana Andromeda", "Data ethics for public services", "University of Example", "23 November 2026"):
        assert shown in page.text
    assert f'href="{house.path(issued["claim"])}/credential"' in page.text
    assert 'href="/verify"' in page.text
    private(page.headers)


async def test_the_credential_can_be_taken_from_the_claim_page_under_a_name_that_names_nobody(house: House) -> None:
    issued = await house.issue()
    file = await house.client.get(f"{house.path(issued['claim'])}/credential")
    assert file.status_code == 200
    assert file.headers["content-disposition"] == f'attachment; filename="credential-{issued["award"]}.json"'
    assert await genuine(house, file.json())
    private(file.headers)


async def test_a_revoked_credentials_claim_page_says_so_and_why(house: House) -> None:
    issued = await house.issue()
    await house.client.post(
        f"/api/v1/credentials/{issued['award']}/revocation",
        json={"reason": REASON},
        headers=await house.bearer(Scope.PROVIDER),
    )
    page = await house.client.get(house.path(issued["claim"]), headers=PAGE)
    assert "This credential was revoked." in page.text
    assert REASON in page.text


async def test_a_learners_name_is_shown_as_text_whatever_stands_in_it(house: House) -> None:
    learner = {"full_name": "<script>alert(1)</script>", "email": "x@example.org"}
    issued = await house.issue(learner=learner)
    page = await house.client.get(house.path(issued["claim"]), headers=PAGE)
    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


@pytest.mark.parametrize("token", ["guessed", "A" * 50, "A" * 49 + "B", "..%2f..", "%00", "a" * 3000])
async def test_a_guessed_claim_link_opens_nothing(house: House, token: str) -> None:
    await house.issue()
    for path in (f"/claims/{token}", f"/claims/{token}/credential"):
        answer = await house.client.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
    page = await house.client.get(f"/claims/{token}", headers=PAGE)
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")


async def test_a_claim_link_with_one_character_changed_opens_nothing(house: House) -> None:
    path = house.path((await house.issue())["claim"])
    for place in range(len("/claims/"), len(path)):
        other = "A" if path[place] != "A" else "B"
        assert (await house.client.get(path[:place] + other + path[place + 1 :])).status_code == 404


async def test_an_expired_claim_link_is_told_so_on_a_friendly_page(house: House) -> None:
    issued = await house.issue()
    house.clock.now += timedelta(days=30, seconds=2)
    page = await house.client.get(house.path(issued["claim"]), headers=PAGE)
    assert page.status_code == 404
    assert "expired" in page.text
    assert "Ana" not in page.text
    private(page.headers)
    assert (await house.client.get(house.path(issued["claim"]))).json()["type"] == "urn:laurel:problem:expired"

    fresh = await house.client.post(f"/api/v1/credentials/{issued['award']}/claim", headers=await house.platform())
    assert fresh.status_code == 201
    assert (await house.client.get(house.path(fresh.json()["claim"]))).status_code == 200


async def test_an_erased_learners_credential_is_gone_and_its_status_goes_on(house: House) -> None:
    issued = await house.issue()
    outcome = await house.outcome(issued["award"])
    await house.chassis.vault.erase(outcome.learner)
    gone = await house.client.get(house.path(issued["claim"]))
    assert (gone.status_code, gone.json()["type"]) == (404, "urn:laurel:problem:erased")
    page = await house.client.get(house.path(issued["claim"]), headers=PAGE)
    assert page.status_code == 404
    assert "This credential was erased" in page.text
    own = await house.client.get(f"/api/v1/credentials/{issued['award']}", headers=await house.platform())
    assert own.status_code == 404
    assert outcome.credential is not None
    assert (await house.client.get(house.path(outcome.credential.status.list))).status_code == 200


# Who may ask


def private(headers: Any) -> None:  # noqa: ANN401 a response's headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "noindex" in headers["x-robots-tag"]


GUARDED: list[tuple[str, str, Any, set[Scope]]] = [
    ("POST", "/api/v1/organisations", a_draft(), {Scope.ADMIN}),
    ("GET", "/api/v1/organisations", None, {Scope.ADMIN}),
    ("POST", "/api/v1/organisations/uex/keys", None, {Scope.ADMIN}),
    ("GET", "/api/v1/completions/{completion}/outcome", None, {Scope.PLATFORM, Scope.OPERATOR}),
    ("GET", "/api/v1/account/outcomes", None, {Scope.OPERATOR}),
    ("GET", "/api/v1/credentials/{award}", None, {Scope.PLATFORM}),
    ("POST", "/api/v1/credentials/{award}/claim", None, {Scope.PLATFORM, Scope.OPERATOR}),
    ("POST", "/api/v1/credentials/{award}/revocation", {"reason": REASON}, {Scope.PROVIDER, Scope.OPERATOR}),
    ("POST", "/api/v1/issuances", a_word(), {Scope.PROVIDER}),
]
WRONG = {
    "no token": {},
    "nonsense": {"authorization": "Bearer lrl_admin_nonsense"},
    "another scheme": {"authorization": "Basic YWRtaW46YWRtaW4="},
    "an empty token": {"authorization": "Bearer "},
}


async def ask(house: House, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:  # noqa: ANN401 a response
    issued = await house.issue()
    return await house.client.request(method, path.format(**issued), json=body, headers=headers)


@pytest.mark.parametrize(("method", "path", "body"), [guarded[:3] for guarded in GUARDED])
@pytest.mark.parametrize("wrong", WRONG)
async def test_without_a_token_that_opens_it_nothing_is_told(
    house: House,
    method: str,
    path: str,
    body: Any,  # noqa: ANN401 any JSON
    wrong: str,
) -> None:
    answer = await ask(house, method, path, body, WRONG[wrong])
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path", "body", "scopes"), GUARDED)
async def test_a_token_of_another_scope_opens_nothing(
    house: House,
    method: str,
    path: str,
    body: Any,  # noqa: ANN401 any JSON
    scopes: set[Scope],
) -> None:
    tokens = {
        Scope.PLATFORM: await house.platform(),
        Scope.PROVIDER: await house.bearer(Scope.PROVIDER),
        Scope.OPERATOR: await house.bearer(Scope.OPERATOR, None),
        Scope.ADMIN: await house.bearer(Scope.ADMIN, None),
    }
    for scope, headers in tokens.items():
        answer = await ask(house, method, path, body, headers)
        if scope in scopes or scope is Scope.ADMIN:
            assert answer.status_code < 300, answer.text
        else:
            assert answer.status_code == 403, answer.text


@pytest.mark.parametrize(("method", "path", "body", "scopes"), [guarded for guarded in GUARDED if "{" in guarded[1]])
async def test_what_belongs_to_another_is_not_opened_by_a_token_of_the_right_scope(
    house: House,
    method: str,
    path: str,
    body: Any,  # noqa: ANN401 any JSON
    scopes: set[Scope],
) -> None:
    for scope in scopes:
        foreign = [await house.bearer(scope, "other", "laurel-direct" if scope is Scope.PLATFORM else None)]
        if scope is Scope.PLATFORM:
            foreign.append(await house.platform("uex-moodle"))
        for headers in foreign:
            answer = await ask(house, method, path, body, headers)
            assert answer.status_code == 403, answer.text


async def test_a_provider_issues_for_its_own_organisation_alone(house: House) -> None:
    other = await house.bearer(Scope.PROVIDER, "other")
    answer = await house.client.post("/api/v1/issuances", json=a_word(), headers=other)
    assert answer.status_code == 422
    assert answer.json()["reason"] == "platform-not-allowed"


async def test_an_operator_or_administrator_of_one_organisation_does_not_see_the_account_of_all(house: House) -> None:
    for scope in (Scope.OPERATOR, Scope.ADMIN):
        bound = await house.bearer(scope, "uex")
        assert (await house.client.get("/api/v1/account/outcomes", headers=bound)).status_code == 403
    bound = await house.bearer(Scope.ADMIN, "uex")
    assert (await house.client.get("/api/v1/organisations", headers=bound)).status_code == 403
    assert (
        await house.client.post("/api/v1/organisations", json=a_draft(id="other"), headers=bound)
    ).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        f"/api/v1/completions/{an_id('guessed')}/outcome",
        f"/api/v1/credentials/{an_id('guessed')}",
        "/organisations/nobody/did.json",
        "/organisations/uex/status-lists/99",
        "/organisations/nobody/status-lists/1",
    ],
)
async def test_what_does_not_exist_is_not_found(house: House, path: str) -> None:
    answer = await house.client.get(path, headers=await house.bearer(Scope.ADMIN, None))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/completions/not-an-id/outcome",
        "/api/v1/credentials/1",
        "/organisations/uex/status-lists/0",
        "/organisations/uex/status-lists/x",
        "/organisations/NOT%20A%20SLUG/did.json",
        "/organisations/..%2f..%2fetc/did.json",
    ],
)
async def test_an_address_that_is_none_is_never_a_server_error(house: House, path: str) -> None:
    answer = await house.client.get(path, headers=await house.bearer(Scope.ADMIN, None))
    assert answer.status_code in {400, 404}


async def test_metrics_tell_by_which_way_what_is_sealed_was_canonicalised(house: House) -> None:
    async def told(way: str) -> float:
        text = (await house.client.get("/metrics")).text
        (line,) = [
            line
            for line in text.splitlines()
            if line.startswith("laurel_canonicalisations_total{") and f'way="{way}"' in line
        ]
        assert 'service="issuer"' in line
        return float(line.split()[-1])

    assert [await told(way) for way in Way] == [0] * len(Way)
    await house.issue()
    compiled = await told(Way.COMPILED)
    assert compiled > 0
    assert await told(Way.FILLED) == 0
    await house.issue(completed="2026-11-23T09:30:00Z")
    assert await told(Way.COMPILED) == compiled
    assert await told(Way.FILLED) > 0
    assert await told(Way.UNPROVEN) == 0
