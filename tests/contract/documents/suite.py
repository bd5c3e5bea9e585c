"""What every documents adapter promises. A subclass brings the adapter."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from chassis.documents import Collection, Document, Documents, Index, OneOf, PendingEvent, Range, Schema, every
from schemas.faults import Conflict, Fault, Malformed, NotFound, Unavailable
from schemas.values import Frozen, Instant, SealedData, instant_text


class Place(Frozen):
    town: str | None = None


class Parcel(Document):
    sender: str = "ana"
    number: int = 0
    weight: float = 1.5
    fragile: bool = False
    note: str | None = None
    sent: Instant = datetime(2026, 1, 1, tzinfo=UTC)
    to: Place = Place()
    tags: tuple[str, ...] = ()
    seal: SealedData | None = None


PARCELS = Schema(
    "parcels",
    Parcel,
    (
        Index(("sender", "number"), unique=True),
        Index(("to.town",)),
        Index(("sent",)),
        Index(("note",), sparse=True),
    ),
)
EVENT = PendingEvent(topic="parcel.sent", key="k", value='{"a":"ü\\u0000"}', headers={"traceparent": "00-ab-cd-01"})


def parcels(count: int, **fields: object) -> list[Parcel]:
    return [Parcel.model_validate({"id": f"p{i:04}", "number": i, **fields}) for i in range(count)]


class DocumentsContract:
    """Inherit, and provide the fixtures `documents` (open) and `unreachable` (a database that is not there)."""

    many = 1000
    forgets = False
    """True for one that lives in memory, and only until it is closed."""
    taken: tuple[type[Fault], ...] = (Conflict,)
    """How a change is refused that would take another's unique key."""

    @pytest.fixture
    def collection(self, documents: Documents) -> Collection[Parcel]:
        return documents.collection(PARCELS)

    async def test_a_document_comes_back_as_it_went_in(self, collection: Collection[Parcel]) -> None:
        parcel = Parcel.model_validate(
            {
                "id": "ü/€ 1",
                "number": 2**53 + 1,
                "weight": 2.0,
                "note": "quote ' \" \\ nul \x00 and 🎓",
                "to": {"town": "Łódź"},
                "tags": ["a", "b"],
                "seal": {
                    "learner": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                    "nonce": b"\x00" * 12,
                    "ciphertext": bytes(range(256)),
                },
                "pending": [EVENT],
            }
        )
        assert await collection.insert_many([parcel]) == frozenset()
        assert await collection.get("ü/€ 1") == parcel

    async def test_what_is_not_there_is_none(self, collection: Collection[Parcel]) -> None:
        assert await collection.get("nobody") is None
        assert await collection.get_many(["nobody"]) == {}
        assert await collection.get_many([]) == {}

    async def test_insert_tells_which_ids_were_there_before(self, collection: Collection[Parcel]) -> None:
        first, second, third = parcels(3)
        await collection.insert_many([first])
        again = first.model_copy(update={"note": "another", "number": 77})
        assert await collection.insert_many([again, second, third]) == {first.id}
        assert await collection.get_many([first.id, second.id, third.id]) == {p.id: p for p in (first, second, third)}

    async def test_insert_tells_a_duplicate_within_one_batch(self, collection: Collection[Parcel]) -> None:
        first, second = parcels(2)
        assert await collection.insert_many([first, first.model_copy(update={"number": 9}), second]) == {first.id}
        assert await collection.count({}) == 2

    async def test_insert_tells_whose_unique_key_is_taken(self, collection: Collection[Parcel]) -> None:
        await collection.insert_many([Parcel(id="a", sender="ana", number=1)])
        taken = Parcel(id="b", sender="ana", number=1)
        free = Parcel(id="c", sender="ben", number=1)
        assert await collection.insert_many([taken, free]) == {"b"}
        assert await collection.get("b") is None
        assert await collection.get("c") == free

    async def test_a_unique_key_without_a_value_is_refused(self, documents: Documents) -> None:
        notes = documents.collection(Schema("notes", Parcel, (Index(("to.town",), unique=True),)))
        with pytest.raises(Malformed, match=r"to\.town"):
            await notes.insert_many([Parcel(id="a")])
        assert await notes.count({}) == 0

    async def test_nothing_to_write_is_no_trouble(self, collection: Collection[Parcel]) -> None:
        assert await collection.insert_many([]) == frozenset()
        assert await collection.replace_many([]) == frozenset()
        await collection.put_many([])
        await collection.clear_pending([])
        assert await collection.delete_many([]) == 0

    async def test_many_racing_inserts_of_one_id_leave_one(self, collection: Collection[Parcel]) -> None:
        rivals = [Parcel(id="one", number=n) for n in range(20)]
        left_out = await asyncio.gather(*(collection.insert_many([rival]) for rival in rivals))
        assert sorted(map(len, left_out)) == [0] + [1] * 19
        winner = rivals[[len(ids) for ids in left_out].index(0)]
        assert await collection.get("one") == winner

    async def test_find_filters_by_equality_none_range_and_choice(self, collection: Collection[Parcel]) -> None:
        days = [datetime(2026, 1, day, tzinfo=UTC) for day in range(1, 6)]
        await collection.insert_many(
            [
                Parcel(id="a", number=1, sent=days[0], fragile=True, to=Place(town="Porto")),
                Parcel(id="b", number=2, sent=days[1], note="x", to=Place(town="Graz")),
                Parcel(id="c", number=3, sent=days[2], sender="ben", weight=9.75),
                Parcel(id="d", number=4, sent=days[3], fragile=True, note="y", to=Place(town="Porto")),
            ]
        )

        async def found(**where: object) -> str:
            question = {key.replace("__", "."): value for key, value in where.items()}
            page = await collection.find(question)  # type: ignore[arg-type]
            assert await collection.count(question) == len(page.items)  # type: ignore[arg-type]
            return "".join(item.id for item in page.items)

        assert await found() == "abcd"
        assert await found(to__town="Porto") == "ad"
        assert await found(to__town="Porto", number=4) == "d"
        assert await found(fragile=True) == "ad"
        assert await found(fragile=False) == "bc"
        assert await found(note=None) == "ac"
        assert await found(to__town=None) == "c"
        assert await found(number=Range(ge=2, lt=4)) == "bc"
        assert await found(number=Range(gt=2, le=4)) == "cd"
        assert await found(weight=Range(gt=1.5)) == "c"
        assert await found(note=Range(ge="")) == "bd"
        assert await found(sent=Range(ge=instant_text(days[1]), le=instant_text(days[2]))) == "bc"
        assert await found(sender=OneOf(("ben", "eva"))) == "c"
        assert await found(number=OneOf((1, 4)), fragile=True) == "ad"
        assert await found(number=OneOf(())) == ""
        assert await found(id=OneOf(("a", "d"))) == "ad"
        assert await found(id=Range(gt="b")) == "cd"
        assert await found(sender="' OR 1=1 --") == ""

    @pytest.mark.parametrize("descending", [False, True])
    @pytest.mark.parametrize("order_by", ["id", "number", "sent", "note", "to.town"])
    @pytest.mark.parametrize("limit", [1, 3, 4, 100])
    async def test_paging_visits_each_once_in_order_ties_and_gaps_included(
        self, collection: Collection[Parcel], order_by: str, limit: int, *, descending: bool
    ) -> None:
        notes = ["b", None, "a", "b", None, "c", "b", "a"]
        towns = ["Graz", "Graz", None, "Porto", "Graz", "Aveiro", None, "Porto"]
        everything = [
            Parcel(
                id=f"p{n}",
                number=7 - n,
                note=notes[n],
                to=Place(town=towns[n]),
                sent=datetime(2026, 1, 1 + n % 3, tzinfo=UTC),
            )
            for n in range(8)
        ]
        await collection.insert_many(everything)

        def place(parcel: Parcel) -> tuple[bool, object, str]:
            value = {
                "id": parcel.id,
                "number": parcel.number,
                "sent": parcel.sent,
                "note": parcel.note or "",
                "to.town": parcel.to.town or "",
            }[order_by]
            return (value != "", value, parcel.id)

        seen: list[Parcel] = []
        after: str | None = None
        for _ in range(20):
            page = await collection.find({}, order_by=order_by, descending=descending, after=after, limit=limit)
            assert len(page.items) <= limit
            seen += page.items
            after = page.next
            if after is None:
                break
        assert [p.id for p in seen] == [p.id for p in sorted(everything, key=place, reverse=descending)]

    @pytest.mark.parametrize("portion", [1, 3, 7, 500])
    async def test_everything_is_read_once_and_in_order_whatever_the_portion(
        self, collection: Collection[Parcel], portion: int
    ) -> None:
        await collection.insert_many([*parcels(7), Parcel(id="another", sender="ben")])
        read = [p.number async for p in every(collection, {"sender": "ana"}, order_by="number", portion=portion)]
        assert read == list(range(7))
        assert [p async for p in every(collection, {"sender": "eve"}, portion=portion)] == []

    async def test_text_is_ordered_by_code_point(self, collection: Collection[Parcel]) -> None:
        ids = ["Z", "a", "é", "ß", "z", "0", "\U0001f393", "\uffff"]
        await collection.insert_many([Parcel(id=id_, number=n) for n, id_ in enumerate(ids)])
        assert [p.id for p in (await collection.find({})).items] == sorted(ids)

    @pytest.mark.parametrize("cursor", ["", "!", "e30", "bm9wZQ", "WzEsMl0", "ü"])
    async def test_a_cursor_that_is_none_of_ours_is_malformed(
        self, collection: Collection[Parcel], cursor: str
    ) -> None:
        with pytest.raises(Malformed, match="cursor"):
            await collection.find({}, after=cursor)

    async def test_a_field_is_never_part_of_the_query_text(self, collection: Collection[Parcel]) -> None:
        with pytest.raises(ValueError, match="no path"):
            await collection.find({"a') OR 1=1 --": "x"})
        with pytest.raises(ValueError, match="no path"):
            await collection.find({}, order_by="id; DROP TABLE parcels")
        with pytest.raises(ValueError, match="no path"):
            await collection.count({"$where": "1"})

    async def test_replace_counts_the_version_and_notices_a_change_meanwhile(
        self, collection: Collection[Parcel]
    ) -> None:
        (read,) = parcels(1)
        await collection.insert_many([read])
        mine = await collection.replace(read.model_copy(update={"note": "mine"}))
        assert mine.version == 1
        assert await collection.get(read.id) == mine
        with pytest.raises(Conflict, match="changed meanwhile"):
            await collection.replace(read.model_copy(update={"note": "theirs"}))
        assert await collection.get(read.id) == mine

    async def test_replace_of_what_is_not_there_is_not_found(self, collection: Collection[Parcel]) -> None:
        with pytest.raises(NotFound):
            await collection.replace(Parcel(id="nobody"))
        assert await collection.get("nobody") is None

    async def test_replace_cannot_take_anothers_unique_key(self, collection: Collection[Parcel]) -> None:
        first, second = parcels(2)
        await collection.insert_many([first, second])
        thief = second.model_copy(update={"number": first.number})
        with pytest.raises(self.taken):
            await collection.replace(thief)
        with pytest.raises(self.taken):
            await collection.put_many([thief])
        assert await collection.get(second.id) == second

    async def test_replace_many_names_who_would_take_anothers_unique_key(self, collection: Collection[Parcel]) -> None:
        first, second, third = parcels(3)
        await collection.insert_many([first, second, third])
        thief = second.model_copy(update={"number": first.number})
        try:
            assert await collection.replace_many([thief, third]) == {second.id}
        except self.taken as fault:
            assert not isinstance(fault, Conflict)  # noqa: PT017 a server may not tell; it must not have written
        assert await collection.get(second.id) == second

    async def test_of_racing_replacements_one_wins(self, collection: Collection[Parcel]) -> None:
        (read,) = parcels(1)
        await collection.insert_many([read])
        results = await asyncio.gather(
            *(collection.replace(read.model_copy(update={"note": str(n)})) for n in range(10)), return_exceptions=True
        )
        winners = [result for result in results if isinstance(result, Parcel)]
        assert len(winners) == 1
        assert all(isinstance(result, Parcel | Conflict) for result in results)
        assert await collection.get(read.id) == winners[0]

    async def test_replace_many_tells_who_changed_meanwhile(self, collection: Collection[Parcel]) -> None:
        first, second, third = parcels(3)
        await collection.insert_many([first, second])
        await collection.replace(second.model_copy(update={"note": "theirs"}))
        changed = [p.model_copy(update={"note": "mine"}) for p in (first, second, third)]
        assert await collection.replace_many(changed) == {second.id, third.id}
        stored = await collection.get_many([first.id, second.id, third.id])
        assert {id_: (p.note, p.version) for id_, p in stored.items()} == {
            first.id: ("mine", 1),
            second.id: ("theirs", 1),
        }

    async def test_put_inserts_or_overwrites_and_a_guarded_write_notices(self, collection: Collection[Parcel]) -> None:
        first, second = parcels(2)
        await collection.put_many([first])
        read = await collection.get(first.id)
        assert read is not None
        await collection.put_many([first.model_copy(update={"note": "new", "tags": ("x",)}), second])
        stored = await collection.get_many([first.id, second.id])
        assert (stored[first.id].note, stored[first.id].tags, stored[second.id].note) == ("new", ("x",), None)
        assert stored[first.id].version > read.version
        with pytest.raises(Conflict):
            await collection.replace(read)
        assert (await collection.replace(stored[first.id])).version == stored[first.id].version + 1

    async def test_put_twice_in_one_batch_keeps_the_last(self, collection: Collection[Parcel]) -> None:
        await collection.put_many([Parcel(id="a", note="1"), Parcel(id="a", note="2")])
        stored = await collection.get("a")
        assert stored is not None
        assert stored.note == "2"

    async def test_delete_tells_how_many_there_were(self, collection: Collection[Parcel]) -> None:
        await collection.insert_many(parcels(3))
        assert await collection.delete_many(["p0000", "p0002", "nobody"]) == 2
        assert [p.id for p in (await collection.find({})).items] == ["p0001"]

    async def test_pending_events_stay_until_cleared(self, collection: Collection[Parcel]) -> None:
        quiet, loud, other = parcels(3)
        loud, other = (p.model_copy(update={"pending": (EVENT,)}) for p in (loud, other))
        await collection.insert_many([quiet, loud, other])
        found = await collection.with_pending()
        assert {p.id: p.pending for p in found} == {loud.id: (EVENT,), other.id: (EVENT,)}
        assert len(await collection.with_pending(1)) == 1
        await collection.clear_pending([loud])
        assert [p.id for p in await collection.with_pending()] == [other.id]
        assert await collection.get(loud.id) == loud.model_copy(update={"pending": ()})

    async def test_clearing_an_old_version_loses_no_event_of_the_new(self, collection: Collection[Parcel]) -> None:
        (read,) = parcels(1, pending=[EVENT])
        await collection.insert_many([read])
        later = EVENT.model_copy(update={"key": "later"})
        changed = await collection.replace(read.model_copy(update={"pending": (*read.pending, later)}))
        await collection.clear_pending([read])
        assert [(p.id, p.version, p.pending) for p in await collection.with_pending()] == [
            (changed.id, changed.version, (EVENT, later))
        ]
        assert await collection.get(read.id) == changed
        await collection.clear_pending([changed])
        assert await collection.with_pending() == ()

    async def test_every_way_of_writing_keeps_track_of_pending_events(self, collection: Collection[Parcel]) -> None:
        a, b, c = parcels(3)
        await collection.insert_many([a, b])
        await collection.replace(a.model_copy(update={"pending": (EVENT,)}))
        await collection.replace_many([b.model_copy(update={"pending": (EVENT,)})])
        await collection.put_many([c.model_copy(update={"pending": (EVENT,)})])
        found = await collection.with_pending()
        assert {p.id for p in found} == {a.id, b.id, c.id}
        await collection.put_many([c])
        await collection.clear_pending(found)
        assert await collection.with_pending() == ()

    async def test_clearing_what_is_gone_brings_nothing_back(self, collection: Collection[Parcel]) -> None:
        (read,) = parcels(1, pending=[EVENT])
        await collection.insert_many([read])
        await collection.delete_many([read.id])
        await collection.clear_pending([read])
        assert await collection.get(read.id) is None

    async def test_collections_are_apart_and_made_when_first_asked_for(self, documents: Documents) -> None:
        await documents.collection(PARCELS).insert_many(parcels(1))
        late = documents.collection(Schema("later", Parcel))
        assert await late.count({}) == 0
        assert await late.insert_many(parcels(1)) == frozenset()

    async def test_many_at_once_are_all_there(self, collection: Collection[Parcel]) -> None:
        many = parcels(self.many, note="n" * 1000)
        assert await collection.insert_many(many) == frozenset()
        assert len(await collection.get_many(p.id for p in many)) == self.many
        assert await collection.replace_many(many) == frozenset()
        seen: list[str] = []
        after: str | None = None
        while True:
            page = await collection.find({"note": "n" * 1000}, after=after, limit=self.many // 3)
            seen += [parcel.id for parcel in page.items]
            after = page.next
            if after is None:
                break
        assert seen == sorted(p.id for p in many)
        assert await collection.delete_many(seen) == self.many

    async def test_opening_twice_and_after_closing_is_fine(self, documents: Documents) -> None:
        await documents.collection(PARCELS).insert_many(parcels(2))
        await documents.open()
        await documents.ping()
        await documents.close()
        await documents.close()
        for _ in range(2):
            await documents.open()
            await documents.ping()
            await documents.close()
        await documents.open()
        there = frozenset() if self.forgets else frozenset({"p0000", "p0001"})
        assert await documents.collection(PARCELS).insert_many(parcels(3)) == there

    async def test_a_closed_database_is_unavailable(self, documents: Documents) -> None:
        await documents.close()
        with pytest.raises(Unavailable):
            await documents.ping()
        with pytest.raises(Unavailable):
            await documents.collection(PARCELS).get("p0000")

    async def test_a_database_that_is_not_there_is_unavailable(self, unreachable: Documents) -> None:
        collection = unreachable.collection(PARCELS)
        with pytest.raises(Unavailable):
            await unreachable.open()
        with pytest.raises(Unavailable):
            await unreachable.ping()
        with pytest.raises(Unavailable):
            await collection.insert_many(parcels(1))
        with pytest.raises(Unavailable):
            await collection.find({})
        with pytest.raises(Unavailable):
            await collection.with_pending()
