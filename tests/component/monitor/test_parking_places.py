"""The parkings over HTTP: in the operator's own name, and with the services' own words when they refuse."""

from collections.abc import Callable

import httpx2
import pytest

from chassis.access import Forbidden
from chassis.parking.views import Discard, Replay
from monitor.adapters.parking import HttpParkingPlaces
from schemas.faults import Conflict, Fault, NotFound, Unavailable

ORIGINS = {"bridge": "http://bridge", "issuer": "http://issuer", "monitor": "http://issuer"}
AT = "2026-11-23T10:00:00.000Z"
ENTRY = {
    "at": AT, "service": "issuer", "who": "Night shift", "token": "7", "deed": "replay", "message": "1", "topic": "t",
    "reason": "invalid", "note": None,
}  # fmt: skip


def places(answer: Callable[[httpx2.Request], httpx2.Response]) -> HttpParkingPlaces:
    return HttpParkingPlaces(httpx2.AsyncClient(transport=httpx2.MockTransport(answer)), ORIGINS)


async def test_the_service_is_asked_at_its_own_address_with_the_token_of_who_asks() -> None:
    asked: list[httpx2.Request] = []

    def service(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        if request.url.path.endswith("replays"):
            return httpx2.Response(200, json={"dry_run": True, "items": [{"id": "1", "handled": True, "said": "…"}]})
        return httpx2.Response(200, json={"discarded": ["1"]})

    report = await places(service).replay("lrl_operator_mine", Replay(service="issuer", messages=("1",)))
    given_up = await places(service).discard(
        "lrl_operator_mine", Discard(service="bridge", messages=("1",), reason="x")
    )
    assert (report.items[0].handled, given_up.discarded) == (True, ("1",))
    assert [str(request.url) for request in asked] == [
        "http://issuer/api/v1/account/parked/replays",
        "http://bridge/api/v1/account/parked/discards",
    ]
    assert {request.headers["authorization"] for request in asked} == {"Bearer lrl_operator_mine"}


async def test_the_audit_is_read_to_its_end_at_each_address_once() -> None:
    def service(request: httpx2.Request) -> httpx2.Response:
        more = request.url.host == "issuer" and not request.url.params["after"]
        entry = {**ENTRY, "service": request.url.host, "message": request.url.params["after"] or "first"}
        return httpx2.Response(200, json={"items": [entry], "next": "second" if more else None})

    entries = await places(service).audit("lrl_operator_mine")
    assert sorted((entry.service, entry.message) for entry in entries) == [
        ("bridge", "first"),
        ("issuer", "first"),
        ("issuer", "second"),
    ]


@pytest.mark.parametrize(
    ("status", "fault"), [(404, NotFound), (409, Conflict), (403, Forbidden), (503, Unavailable), (418, Fault)]
)
async def test_what_a_service_refuses_is_refused_in_its_own_words(status: int, fault: type[Fault]) -> None:
    answer = httpx2.Response(status, json={"title": "No", "detail": "it was discarded by Night shift"})
    with pytest.raises(fault, match="discarded by Night shift"):
        await places(lambda _: answer).show("lrl_operator_mine", "issuer", "1")


async def test_a_service_that_does_not_answer_or_answers_nonsense_is_unavailable_and_an_unknown_one_not_found() -> None:
    def nobody(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    with pytest.raises(Unavailable, match="the issuer does not answer"):
        await places(nobody).show("lrl_operator_mine", "issuer", "1")
    with pytest.raises(Unavailable, match="something else"):
        await places(lambda _: httpx2.Response(200, json={})).show("lrl_operator_mine", "issuer", "1")
    with pytest.raises(NotFound, match="there are: bridge, issuer, monitor"):
        await places(nobody).show("lrl_operator_mine", "kitchen", "1")
