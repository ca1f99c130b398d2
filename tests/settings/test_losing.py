"""What people at work would lose by other settings: harmless is what is known to be harmless, and nothing else."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.domain.device import DeviceRecord, DeviceStatus, digest
from edge_agent.domain.words import Words
from edge_agent.settings import losing
from edge_agent.settings.load import load
from edge_agent.settings.losing import losses
from edge_agent.settings.site import Settings, Site
from edge_agent.settings.swapping import swapped
from tests.support.pages import TREE


@pytest.fixture(scope="module")
def plant() -> Settings:
    return load(TREE / "zones" / "demo-plant", TREE)


def changed(settings: Settings, table: str, id_: str, **values: Any) -> Settings:
    rows = getattr(settings.site, table)
    return replace(settings, site=replace(settings.site, **{table: {**rows, id_: replace(rows[id_], **values)}}))


def without(settings: Settings, table: str, id_: str) -> Settings:
    rows = {one: row for one, row in getattr(settings.site, table).items() if one != id_}
    return replace(settings, site=replace(settings.site, **{table: rows}))


def told(old: Settings, new: Settings) -> list[tuple[str, str]]:
    return [(one.area, one.words.en) for one in losses(old, new)]


def test_another_detector_under_the_same_id_takes_nothing(plant: Settings) -> None:
    swapped = changed(plant, "gas", "gas-o2", unit_id=77, profile="cn10_single_gas", name=Words("新", "new"))
    assert told(plant, swapped) == []
    assert told(plant, plant) == []


@pytest.mark.parametrize(
    ("table", "id_", "values", "areas"),
    [
        ("gas", "gas-o2", {"area": "scaffold"}, {"tank-inside"}),
        ("gas", "gas-o2", {"gas": "ch4"}, {"tank-inside"}),
        ("gas", "gas-o2", {"poll_s": 30.0}, {"tank-inside"}),
        ("relays", "relay-2", {"profile": "log_only"}, {""}),
        ("relays", "relay-2", {"outputs": {}}, {""}),
        ("relays", "relay-2", {"watchdog_s": 5.0}, {""}),
        ("wearables", "tag-guard", {"period_s": 600.0}, {""}),
        ("cameras", "cam-1", {"areas": ()}, {"tank-mouth"}),
        ("cameras", "cam-1", {"fps": 0.2}, {"tank-mouth"}),
    ],
)
def test_what_guards_otherwise_is_a_loss_where_it_stands(
    plant: Settings, table: str, id_: str, values: dict[str, Any], areas: set[str]
) -> None:
    found = told(plant, changed(plant, table, id_, **values))
    assert {area for area, _ in found} == areas
    assert all(f"{table}.{id_}" in words for _, words in found)
    gone = told(plant, without(plant, table, id_))
    assert {area for area, _ in gone} == areas
    assert all("no more" in words for _, words in gone)


def test_a_looser_book_is_a_loss_everywhere_and_a_stricter_one_is_none(plant: Settings) -> None:
    book = plant.rulebook
    limit = book.guard.lost_pause_s
    looser, stricter = (
        replace(plant, rulebook=replace(book, guard=replace(book.guard, lost_pause_s=replace(limit, value=value))))
        for value in (limit.value * 2, limit.value / 2)
    )
    ((area, words),) = told(plant, looser)
    assert (area, words.split(":")[0]) == ("", "guard.lost_pause_s.value")
    assert told(plant, stricter) == []


def test_places_drawn_anew_are_a_loss_there_and_their_order_is_one_everywhere(plant: Settings) -> None:
    first, *rest = plant.areas
    assert told(plant, replace(plant, areas=(replace(first, ceiling_m=1.0), *rest)))[0][0] == first.id
    assert told(plant, replace(plant, areas=tuple(rest)))[0] == (first.id, f"the area {first.id} would be no more")
    assert told(plant, replace(plant, areas=(*rest, first))) == [("", "areas would be another")]
    assert told(plant, replace(plant, areas=(replace(first, name=Words("名", "name")), *rest))) == []


def test_every_table_is_either_known_to_be_harmless_or_looked_into(plant: Settings) -> None:
    assert {*losing.HARMLESS, *losing.FREE} <= set(Site.__struct_fields__)
    rows = tomllib.loads(Path(TREE / "zones" / "demo-plant" / "site.toml").read_text("utf-8"))
    assert rows["upgrade"]["never"]
    real = replace(plant, site=replace(plant.site, upgrade=replace(plant.site.upgrade, never=False)))
    assert told(plant, real) == [("", "upgrade would be another")]


def test_another_detector_is_vouched_for_by_what_the_same_change_says_alone(plant: Settings) -> None:
    old_record = DeviceRecord(id="gas-o2", status=DeviceStatus.IN_SERVICE, calibration_due_utc=2e9)
    vouched = replace(plant, records=(old_record,))
    other = changed(vouched, "gas", "gas-o2", serial="SN-2")
    covers = other.site.gas["gas-o2"].identity
    nothing = DeviceRecord(id="gas-o2", status=DeviceStatus.IN_SERVICE, covers=covers)
    assert swapped(vouched, other) == (replace(nothing, said=digest(old_record)),)
    newer = replace(old_record, calibration_due_utc=2.1e9)
    assert swapped(vouched, replace(other, records=(newer,))) == (
        replace(newer, covers=covers, said=digest(newer)),
    )
    assert [one.id for one in swapped(vouched, changed(vouched, "gas", "gas-o2", range=30.0))] == ["gas-o2"]
    assert swapped(vouched, changed(vouched, "gas", "gas-o2", name=Words("名", "name"), poll_s=0.5)) == ()
    assert swapped(vouched, without(vouched, "gas", "gas-o2")) == ()
