"""The read model: what is shown, what is left of who is gone."""

from services.geo.domain import events as e
from services.geo.domain.facts import Kind, Location, Precision
from services.geo.read_models.places import Listed, places
from tests.services.geo.sample import AS_OF, AT, DELISTED, DOCTOR, FACTS, LISTING, PLACE, PRINT, listed


def fold(*events: e.PlaceEvent) -> Listed:
    shown = None
    for event in events:
        assert places.key(event) == PLACE
        shown = places.evolve(shown, event)
    assert shown is not None
    return shown


def test_a_listed_place_is_shown() -> None:
    shown = fold(listed())
    assert (shown.kind, shown.practitioner, shown.precision, shown.version) == (
        Kind.DOCTOR,
        DOCTOR,
        Precision.ADDRESS,
        1,
    )
    assert shown.where is not None
    assert shown.where.coordinates == (5.9284, 43.1244)
    assert (shown.fingerprint, shown.changed_at) == (PRINT, AS_OF)


def test_every_event_counts_one_version() -> None:
    far = Location(lat_e6=0, lon_e6=0, precision=Precision.COMMUNE)
    moved = e.PlaceMoved(at=AT, place_id=PLACE, location=far, fingerprint="cd" * 16, as_of=AS_OF)
    nowhere = moved.model_copy(update={"location": None})
    changed = e.PlaceChanged(at=AT, place_id=PLACE, listing_id=LISTING, facts=FACTS.model_copy(update={"kind": Kind.NURSE}),
                             practitioner=None, fingerprint="ef" * 16, as_of=AS_OF)  # fmt: skip
    shown = fold(listed(), moved, changed, nowhere)
    assert (shown.version, shown.kind, shown.practitioner, shown.where, shown.precision) == (
        4,
        Kind.NURSE,
        None,
        None,
        None,
    )


def test_of_a_delisted_place_only_ids_and_versions_are_left() -> None:
    gone = fold(listed(), DELISTED)
    left = {name for name, value in gone.model_dump().items() if value is not None}
    assert left == {"place_id", "listing_id", "source", "version", "changed_at"}
    assert gone.version == 2
    assert fold(listed(), DELISTED, listed()) == fold(listed()).model_copy(update={"version": 3})
