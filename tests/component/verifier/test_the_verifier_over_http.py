"""The verifier as a running service: its routes, its page, what it hears. Issuers are served on the loopback."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest
from pydantic import SecretStr

from chassis.host import host
from chassis.outbox import pending_event
from chassis.service import Chassis
from chassis.settings import Settings
from credentials.canonical import Way
from credentials.dids import did_key, did_key_method
from credentials.formats import FORMATS
from credentials.keys import SigningKey
from credentials.multibase import base64url
from credentials.proofs import EDDSA_RDFC_2022, SD_JWT
from credentials.proofs.key_binding import bind
from credentials.status import TokenStatusList, seal_token_status_list
from schemas.events import CredentialState, Decision, Event
from schemas.faults import Unavailable
from schemas.values import JsonObject
from tests.builders import (
    NOW,
    a_learner,
    a_status_entry,
    an_award,
    an_organisation,
    credential_status_changed,
    organisation_registered,
)
from tests.component.verifier.test_guarded_client import Trap, reply, serving
from tests.component.verifier.world import INDEX, ISSUED, LATER, Issuer, a_badge, a_status_list
from verifier.app import create_app
from verifier.domain.verdicts import Code

ADMIN = {"authorization": "Bearer lrl_admin_test"}


@dataclass
class House:
    """A verifier, and an issuer of this house that is served over http at an own origin."""

    client: httpx2.AsyncClient
    chassis: Chassis
    web: Trap
    issuer: Issuer

    @property
    def list(self) -> str:
        return f"{self.web.origin}/organisations/uex/status-lists/1"

    def badge(self, **changes: object) -> JsonObject:
        unsigned = a_badge(self.issuer, **changes)  # type: ignore[arg-type] # members of the document
        if "credentialStatus" in unsigned:
            unsigned["credentialStatus"] |= {"id": f"{self.list}#{INDEX}", "statusListCredential": self.list}
        return self.issuer.sign(unsigned)

    def serve_list(self, *revoked: int) -> None:
        signed = self.issuer.sign(a_status_list(*revoked, issuer=self.issuer, url=self.list))
        self.web.answers["/organisations/uex/status-lists/1"] = reply(json.dumps(signed).encode())

    async def tell(self, *events: Event) -> None:
        await self.chassis.publisher.publish([pending_event(event) for event in events])

    async def ask(self, question: JsonObject) -> JsonObject:
        response = await self.client.post("/api/v1/verifications", json=question)
        assert response.status_code == 200, response.text
        answer: JsonObject = response.json()
        return answer

    async def until(self, question: JsonObject, decision: Decision) -> JsonObject:
        """The answer once what was told has been heard."""
        return await eventually(lambda: self.ask(question), lambda answer: answer["decision"] == decision)


T = TypeVar("T")


async def eventually(ask: Callable[[], Awaitable[T]], settled: Callable[[T], bool]) -> T:
    """The first answer that satisfies: events take their way through Kafka, and nothing outside says when."""
    async with asyncio.timeout(10):
        while not settled(answer := await ask()):  # noqa: ASYNC110 what to wait for happens in Kafka
            await asyncio.sleep(0.02)
    return answer


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with serving() as web, running(tmp_path, web.origin) as (client, chassis):
        issuer = Issuer(f"did:web:localhost%3A{web.port}:organisations:uex", SigningKey.generate())
        made = House(client, chassis, web, issuer)
        web.answers["/organisations/uex/did.json"] = reply(json.dumps(issuer.document).encode())
        made.serve_list()
        yield made


@asynccontextmanager
async def running(var: Path, *origins: str) -> AsyncIterator[tuple[httpx2.AsyncClient, Chassis]]:
    settings = Settings(var=var / "var", origins=origins, admin_token=SecretStr("lrl_admin_test"), stop_seconds=2)
    chassis = await Chassis.assemble(settings, clock=lambda: LATER)
    app = host(chassis, await create_app(chassis))
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://localhost:8000") as client,
    ):
        yield client, chassis


def registered(house: House) -> Event:
    return organisation_registered(an_organisation(did=house.issuer.did, registered=NOW - timedelta(days=1)))


def revoked(house: House) -> Event:
    return credential_status_changed(status=a_status_entry(list=house.list, index=INDEX))


async def test_an_organisation_that_announced_itself_is_trusted(house: House) -> None:
    assert (await house.ask({"credential": house.badge()}))["decision"] == "review"
    await house.tell(registered(house))
    answer = await house.until({"credential": house.badge()}, Decision.ACCEPT)
    assert answer["sentence"] == "Genuine and currently valid"
    assert answer["policy"] == "default"
    assert answer["checkedAt"] == "2026-12-23T10:00:00.000Z"
    assert [check["id"] for check in answer["checks"]] == [
        "read", "format", "signature", "issuer-identity", "issuer-trust", "status", "validity", "holder",
    ]  # fmt: skip
    assert set(answer["checks"][0]) == {"id", "outcome", "code", "message", "evidence", "ms"}
    assert answer["credential"]["issuer"]["name"] == "University of Example"


async def test_a_revocation_is_visible_without_waiting_for_the_kept_list(house: House) -> None:
    await house.tell(registered(house))
    question = {"credential": house.badge()}
    await house.until(question, Decision.ACCEPT)
    house.serve_list(INDEX)
    assert (await house.ask(question))["decision"] == "accept", "the list is kept for a while"
    await house.tell(revoked(house))
    await house.until(question, Decision.REJECT)
    answer = await eventually(
        lambda: house.ask(question), lambda told: "listAgeSeconds" in told["checks"][5]["evidence"]
    )
    status = answer["checks"][5]
    assert status["code"] == Code.REVOKED
    assert status["evidence"]["reason"] == "Issued to the wrong person."
    assert status["evidence"]["listAgeSeconds"] == 7200


async def test_a_credential_may_be_handed_in_as_text_or_as_an_address(house: House) -> None:
    entry = {"did": house.issuer.did, "name": "University"}
    added = await house.client.post("/api/v1/trust", json=entry, headers=ADMIN)
    assert added.status_code == 201, added.text
    assert (await house.ask({"credential": json.dumps(house.badge())}))["decision"] == "accept"
    house.web.answers["/ana.json"] = reply(json.dumps(house.badge()).encode())
    assert (await house.ask({"url": f"{house.web.origin}/ana.json"}))["decision"] == "accept"


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1/x", "https://localhost/x", "http://169.254.169.254/latest/meta-data", "file:///etc/passwd"],
)
async def test_no_address_makes_the_verifier_reach_into_its_own_network(house: House, url: str) -> None:
    answer = await house.ask({"url": url})
    assert answer["decision"] == "indeterminate"
    assert answer["checks"][0]["code"] == Code.DOCUMENT_UNREACHABLE
    unsigned = a_badge(house.issuer)
    unsigned["credentialStatus"] |= {"statusListCredential": url}
    answer = await house.ask({"credential": house.issuer.sign(unsigned)})
    assert answer["decision"] in ("indeterminate", "reject")


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"", 400, "not JSON"),
        (b"{", 400, "line 1, column 2"),
        (b"[]", 400, "no credential in this list"),
        (b"7", 400, "object was expected"),
        (b"{}", 400, "hand in either"),
        (b'{"credential": "a", "url": "https://b"}', 400, "hand in either"),
        (b'{"credential": 7}', 400, "object or a text"),
        (b'{"credentials": {}}', 400, "credentials"),
        (b'{"credential": {}, "credential": {}}', 400, "twice"),
        (b'{"credential": ' + b"[" * 5000 + b"]" * 5000 + b"}", 400, "deep"),
        (b'{"credential": "\xff"}', 400, "UTF-8"),
        (b'{"credential": "' + b"a" * 3_000_000 + b'"}', 413, "bytes"),
    ],
)
async def test_a_question_that_cannot_be_read_is_answered_with_what_is_wrong(
    house: House, body: bytes, status: int, said: str
) -> None:
    response = await house.client.post("/api/v1/verifications", content=body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert said in response.json()["detail"] or status == 413


async def test_the_vc_api_answers_200_for_what_verifies_and_400_for_what_does_not(house: House) -> None:
    good = await house.client.post("/credentials/verify", json={"verifiableCredential": house.badge(), "options": {}})
    assert (good.status_code, good.json()["verified"]) == (200, True)
    assert good.json()["problemDetails"] == []
    forged = {**house.badge(), "name": "Doctor of Philosophy"}
    for body, problem in (
        ({"verifiableCredential": forged}, "https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR"),
        ({"verifiableCredential": a_badge(house.issuer)}, "https://w3id.org/security#PROOF_VERIFICATION_ERROR"),
        ({"verifiableCredential": {}}, "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"),
        ({"verifiableCredential": 7}, "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"),
        ({}, "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"),
        ({"verifiableCredential": house.badge(), "options": []}, "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"),
    ):
        response = await house.client.post("/credentials/verify", json=body)
        assert response.status_code == 400
        assert response.json()["verified"] is False
        assert response.json()["problemDetails"][0]["type"] == problem
    assert (await house.client.post("/credentials/verify", content=b"\x00")).status_code == 400


async def test_the_vc_api_returns_the_credential_to_whoever_asks_for_it(house: House) -> None:
    badge = house.badge()
    body = {"verifiableCredential": badge, "options": {"returnCredential": True}}
    assert (await house.client.post("/credentials/verify", json=body)).json()["credential"] == badge


async def test_an_attestation_is_verified_with_its_list_and_with_who_shows_it(house: House) -> None:
    holder = SigningKey.generate()
    award = an_award(organisation=an_organisation(did=house.issuer.did), learner=a_learner(did=did_key(holder.public)))
    status = a_status_entry(list=house.list, index=INDEX)
    document = FORMATS["verifiable-micro-credential"].compose(award, issued=ISSUED, status=status)
    token = house.issuer.sign(document, SD_JWT)
    key, method = house.issuer.key, house.issuer.method
    listed = seal_token_status_list(house.list, TokenStatusList(), key, method, issued=LATER)
    path = "/organisations/uex/status-lists/1"
    house.web.answers[path] = reply(listed.encode(), content_type="application/statuslist+jwt")
    await house.tell(registered(house))
    await house.until({"credential": token}, Decision.ACCEPT)
    assert next(asked["accept"] for at, asked in house.web.asked if at == path) == "application/statuslist+jwt"

    asked = {"audience": "https://employer.example", "nonce": "n-0S6_WzA2Mj"}
    shown = bind(token, holder, **asked, issued=LATER)
    answer = await house.ask({"credential": shown, "holder": asked})
    assert (answer["decision"], answer["checks"][7]["outcome"]) == ("accept", "pass")
    answer = await house.ask({"credential": shown, "holder": {**asked, "nonce": "another"}})
    assert (answer["decision"], answer["checks"][7]["code"]) == ("reject", "holder-unproven")

    house.web.answers["/ana"] = reply(token.encode(), content_type="application/dc+sd-jwt")
    assert (await house.ask({"url": f"{house.web.origin}/ana"}))["decision"] == "accept"

    options = {"challenge": asked["nonce"], "domain": asked["audience"]}
    for token_shown, status_code in ((shown, 200), (token, 400)):
        body = {"verifiableCredential": token_shown, "options": options}
        assert (await house.client.post("/credentials/verify", json=body)).status_code == status_code


@pytest.mark.parametrize(
    "holder", ["x", [], {}, {"audience": "a"}, {"audience": "a", "nonce": 5}, {"audience": "", "nonce": "n"}]
)
async def test_an_occasion_that_says_nothing_is_malformed(house: House, holder: object) -> None:
    response = await house.client.post("/api/v1/verifications", json={"credential": "e30.e30.AA~", "holder": holder})
    assert response.status_code == 400
    assert "holder" in response.json()["detail"]


async def test_the_trust_list_is_the_administrators(house: House) -> None:
    entry = {"did": "did:web:other.example", "name": "Other", "since": "2026-01-01T00:00:00Z"}
    for headers in ({}, {"authorization": "Bearer lrl_admin_guessed"}):
        assert (await house.client.post("/api/v1/trust", json=entry, headers=headers)).status_code == 401
        assert (await house.client.get("/api/v1/trust", headers=headers)).status_code == 401
    _, operator = await house.chassis.access.issue(scope="operator", label="an operator")
    for method in ("GET", "POST"):
        response = await house.client.request(
            method, "/api/v1/trust", json=entry, headers={"authorization": f"Bearer {operator}"}
        )
        assert response.status_code == 403
    assert (await house.client.post("/api/v1/trust", json=entry, headers=ADMIN)).status_code == 201
    assert (await house.client.post("/api/v1/trust", json=entry, headers=ADMIN)).status_code == 201
    listed = (await house.client.get("/api/v1/trust", headers=ADMIN)).json()
    assert listed == {"items": [{**entry, "since": "2026-01-01T00:00:00.000Z", "organisation": None}], "next": None}
    malformed = await house.client.post("/api/v1/trust", json={"did": "uex", "name": "x"}, headers=ADMIN)
    assert malformed.status_code == 400


async def test_an_organisations_own_administrator_cannot_widen_the_list_for_all(house: House) -> None:
    _, token = await house.chassis.access.issue(scope="admin", label="of one", organisation="uex")
    headers = {"authorization": f"Bearer {token}"}
    body = {"did": "did:web:other.example", "name": "Other"}
    assert (await house.client.post("/api/v1/trust", json=body, headers=headers)).status_code == 403


# The page


async def test_the_page_says_the_verdict_first_then_who_and_why(house: House) -> None:
    await house.tell(registered(house))
    await house.until({"credential": house.badge()}, Decision.ACCEPT)
    response = await house.client.post("/verify", data={"credential": json.dumps(house.badge())})
    page = response.text
    assert response.status_code == 200
    places = [
        page.index(part)
        for part in (
            "Genuine and currently valid</h1>",
            "University of Example",
            "to <strong>Ana Andromeda</strong> on ",
            "23 November 2026",
            "Identity of the issuer",
            "Its issuer has not revoked it",
            "Learning outcomes",
        )
    ]
    assert places == sorted(places)
    assert page.count("<details>") == 8
    assert "<script" not in page
    assert "style=" not in page
    assert response.headers["cache-control"] == "no-store"


async def test_an_issuer_that_nobody_vouches_for_is_somebody_who_calls_themselves_so(house: House) -> None:
    page = (await house.client.post("/verify", data={"credential": json.dumps(house.badge())})).text
    said = " ".join(page.split())
    assert "Issued by somebody who calls themselves <strong>University of Example</strong> to <strong>Ana" in said
    assert f'They sign as <code class="breaking">{house.issuer.did}</code>' in said
    assert "Issued by <strong>" not in said

    entry = {"did": house.issuer.did, "name": "Example Holding"}
    await house.client.post("/api/v1/trust", json=entry, headers=ADMIN)
    page = (await house.client.post("/verify", data={"credential": json.dumps(house.badge())})).text
    said = " ".join(page.split())
    assert "Issued by <strong>Example Holding</strong>, which calls itself University of Example here, to <st" in said


async def test_the_page_says_values_as_people_do(house: House) -> None:
    page = (await house.client.post("/verify", data={"credential": json.dumps(house.badge())})).text
    for said in ("5 ECTS; 125 hours", "e-mail address (hashed)", "Written examination", "<dd>23 November 2026</dd>"):
        assert said in page, said
    assert "PT125H" not in page.partition('class="document"')[0]


async def test_a_file_is_verified_like_what_is_pasted(house: House) -> None:
    files = {"file": ("ana.json", json.dumps({**house.badge(), "name": "PhD"}), "application/json")}
    page = (await house.client.post("/verify", files=files, data={"credential": "", "url": ""})).text
    assert "Do not rely on this" in page
    assert "Nobody confirmed it" in page


async def test_the_page_shows_what_a_stranger_wrote_as_text(house: House) -> None:
    hostile = {
        **house.badge(),
        "name": "<script>alert(1)</script>",
        "issuer": {"id": "did:web:x.example", "name": "<b>"},
    }
    page = (await house.client.post("/verify", data={"credential": json.dumps(hostile)})).text
    assert "<script>alert" not in page
    assert "<b>" not in page


@pytest.mark.parametrize(
    "form", [{}, {"credential": "  "}, {"credential": "{}", "url": "https://uex.example.org/ana.json"}]
)
async def test_a_form_that_hands_in_nothing_or_too_much_is_shown_again(house: House, form: dict[str, str]) -> None:
    response = await house.client.post("/verify", data=form, headers={"accept": "text/html"})
    assert response.status_code == 400
    assert "Nothing was checked yet" in response.text


async def test_following_a_link_to_the_page_makes_the_server_fetch_nothing(house: House) -> None:
    response = await house.client.get("/verify", params={"url": f"{house.web.origin}/ana.json"})
    assert f'value="{house.web.origin}/ana.json"' in response.text
    assert house.web.asked == []


async def test_a_pasted_address_counts_as_an_address(house: House) -> None:
    page = (await house.client.post("/verify", data={"credential": "https://localhost/ana.json"})).text
    assert "Could not be fully checked" in page


@pytest.mark.parametrize("nonsense", ["hello", "{", '{"a": NaN}', "\x00", "<html>"])
async def test_nonsense_gets_a_verdict_and_never_an_accident(house: House, nonsense: str) -> None:
    response = await house.client.post("/verify", data={"credential": nonsense})
    assert response.status_code == 200
    assert "it cannot be read as a credential" in response.text


# Statistics


async def test_an_answer_does_not_wait_for_kafka(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(_: object) -> None:
        raise Unavailable("Kafka does not answer")

    monkeypatch.setattr(house.chassis.publisher, "publish", away)
    for _ in range(3):
        assert (await house.ask({"credential": house.badge()}))["decision"] == "review"


async def test_what_is_counted_names_nobody(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()
    publish = house.chassis.publisher.publish

    async def overheard(pending: list[object]) -> None:
        for event in pending:
            told.put_nowait(event.value)  # type: ignore[attr-defined] # a pending event
        await publish(pending)  # type: ignore[arg-type] # as above

    monkeypatch.setattr(house.chassis.publisher, "publish", overheard)
    await house.ask({"credential": house.badge()})
    event = json.loads(await asyncio.wait_for(told.get(), 5))
    assert event["type"] == "laurel.credential.verified.v1"
    assert event["data"]["decision"] == "review"
    assert event["data"]["codes"] == ["issuer-unknown"]
    assert "Ana" not in json.dumps(event)
    assert house.issuer.did not in json.dumps(event)


async def test_old_news_of_a_status_does_not_undo_newer_news(house: House) -> None:
    changed = revoked(house)
    older = credential_status_changed(
        state=CredentialState.ACTIVE, reason="Issued.", status=a_status_entry(list=house.list, index=INDEX)
    ).model_copy(update={"time": ISSUED})
    await house.tell(registered(house), changed)
    await house.until({"credential": house.badge()}, Decision.REJECT)
    await house.tell(older, registered(house))
    later = an_organisation(id="last", did="did:web:last.example")
    await house.tell(organisation_registered(later))
    await eventually(
        lambda: house.client.get("/api/v1/trust", headers=ADMIN), lambda listed: "did:web:last.example" in listed.text
    )
    assert (await house.ask({"credential": house.badge()}))["decision"] == "reject"


async def test_metrics_tell_how_often_no_template_could_help(house: House) -> None:
    async def told() -> dict[str, float]:
        text = (await house.client.get("/metrics")).text
        lines = [line for line in text.splitlines() if line.startswith("laurel_canonicalisations_total{")]
        assert all('service="verifier"' in line for line in lines)
        return {line.partition('way="')[2].partition('"')[0]: float(line.split()[-1]) for line in lines}

    await house.ask({"credential": house.badge()})
    before = await told()
    assert set(before) == set(Way)
    await house.ask({"credential": house.badge(name="Another")})
    after = await told()
    assert after["filled"] > before["filled"]
    assert [after[way] - before[way] for way in ("unproven", "outside", "shapeless")] == [0, 0, 0]
    tagged = {"word": {"@id": "https://example.org/word", "@language": "en"}}
    await house.ask({"credential": house.badge(**{"@context": [*house.badge()["@context"], tagged], "word": "hello"})})
    assert (await told())["unproven"] > after["unproven"]


MODEL, STATUS_LIST = "https://www.w3.org/TR/vc-data-model#", "https://www.w3.org/ns/credentials/status-list#"
UNVERIFIABLE = f"{STATUS_LIST}STATUS_VERIFICATION_ERROR"
SHORT = base64url(gzip.compress(bytes(16)))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"forged": True}, UNVERIFIABLE),
        ({"purpose": "suspension"}, UNVERIFIABLE),
        ({"valid_until": LATER - timedelta(minutes=1)}, UNVERIFIABLE),
        ({"encoded": SHORT}, f"{STATUS_LIST}STATUS_LIST_LENGTH_ERROR"),
        ({"encoded": "uH4sIAAAA"}, f"{MODEL}MALFORMED_VALUE_ERROR"),
        ({"encoded": "no base64url at all"}, f"{MODEL}MALFORMED_VALUE_ERROR"),
        ({"index": 131_072}, f"{MODEL}RANGE_ERROR"),
        ({"raw": b"<html>maintenance</html>"}, f"{STATUS_LIST}STATUS_RETRIEVAL_ERROR"),
        ({"away": True}, f"{STATUS_LIST}STATUS_RETRIEVAL_ERROR"),
        ({"revoked": True}, "urn:laurel:verification:revoked"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
async def test_whatever_is_wrong_with_a_status_list_is_told_with_its_type(
    house: House, changes: dict[str, Any], problem: str
) -> None:
    path = "/organisations/uex/status-lists/1"
    forged, index = changes.pop("forged", False), changes.pop("index", INDEX)
    raw, away, revoked = changes.pop("raw", None), changes.pop("away", False), changes.pop("revoked", False)
    listed = a_status_list(*[INDEX] * revoked, issuer=house.issuer, url=house.list, **changes)
    signer = Issuer(house.issuer.did, SigningKey.generate()) if forged else house.issuer
    house.web.answers[path] = reply(raw or json.dumps(signer.sign(listed)).encode())
    if away:
        del house.web.answers[path]
    unsigned = a_badge(house.issuer)
    unsigned["credentialStatus"] |= {
        "id": f"{house.list}#{index}",
        "statusListCredential": house.list,
        "statusListIndex": str(index),
    }
    answer = await house.client.post(
        "/credentials/verify", json={"verifiableCredential": house.issuer.sign(unsigned), "options": {}}
    )
    assert answer.status_code == 400
    assert [told["type"] for told in answer.json()["problemDetails"]] == [problem]


async def test_a_status_list_of_somebody_elses_is_told_with_its_type(house: House) -> None:
    key = SigningKey.generate()
    other = did_key(key.public)
    listed = a_status_list(issuer=Issuer(other, key), url=house.list)
    signed = EDDSA_RDFC_2022.secure(listed, key, did_key_method(other), LATER)
    house.web.answers["/organisations/uex/status-lists/1"] = reply(json.dumps(signed).encode())
    answer = await house.client.post("/credentials/verify", json={"verifiableCredential": house.badge(), "options": {}})
    assert answer.status_code == 400
    assert [told["type"] for told in answer.json()["problemDetails"]] == [UNVERIFIABLE]
