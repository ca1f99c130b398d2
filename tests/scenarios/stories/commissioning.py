"""A box is commissioned: what it measures by itself, who says the rest, what its certificate lets start."""

from typing import Any, Literal

from msgspec.structs import replace

from edge_agent.decide.state import Kept
from edge_agent.domain.commissioning import Act, Commissioning, Do, TrialKind
from edge_agent.domain.noted import CameraWalked, KeptFile
from edge_agent.domain.permit import State
from edge_agent.domain.request import Ask
from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.site import Settings
from edge_agent.settings.site_start import StartTable
from tests.scenarios.stories.telling import story_at
from tests.support.story import CLEAN_AIR, T0_UTC, Story, scenario_site, ticket

BY, OTHER = "zhao-min", "feng-tao"
BOTTLES = {"gas-ch4": 25.0, "gas-o2": 18.0, "gas-h2s": 20.0, "gas-co": 100.0}  # as each detector shows it
BOARD = {"gas-ch4": 1.25}  # %LEL there, %vol on the board
POINTS = {"tank-mouth": (6.5, 0.0), "tank-inside": (0.0, 0.0), "yard": (40.0, 10.0)}
CUT = Words("断线", "the line is cut")


def asking_site() -> Settings:
    """The demo tank, where nothing starts before the box is commissioned."""
    made = scenario_site()
    return replace(made, site=replace(made.site, start=StartTable(commissioned=True)))


def act(told: Story, do: Do, of: str = "", *, by: str = BY, **more: object) -> None:
    """One step of it, and the box's answer."""
    told.ask(Ask.COMMISSION, by, permit="", commission=Act(do=do, of=of, **more))  # type: ignore[arg-type]
    told.step()


def walked(told: Story, outcome: Literal["passed", "failed", "dropped"] = "passed", **more: Any) -> None:
    """Somebody walks before the camera; the box's own words are counted beside the brain (ops/walks.py)."""
    told.ask(Ask.WALK, BY, permit="", about=("cam-1", "begin"))
    told.run(3)
    still = KeptFile(name="cam-1.1/edge-mouth-1.jpg", sha256="5e" * 32, size=40_000)
    seen: dict[str, Any] = {"points": 6, "seen_points": 6, "looks": 140, "seen_pct": 97.1, "blind_s": 0.4}
    told.file(
        CameraWalked(
            id="walk cam-1", at_s=told.now_s, camera="cam-1", by=BY, begun_utc=told.utc - 90, outcome=outcome,
            age_p95_s=0.2, files=(still,), **seen | more,
        )
    )  # fmt: skip
    told.step()


def tried(told: Story) -> None:
    """What can be tried before anything runs: gas, places, cameras."""
    for device, level in BOTTLES.items():
        told.field.gas[device]["level"] = level * 1.02
        told.run(2)
        act(told, "take", f"bump/{device}", value=BOARD.get(device, level))
        told.field.gas[device]["level"] = CLEAN_AIR[device]
    told.run(90)
    for area, (x_m, y_m) in POINTS.items():
        told.field.worker |= {"x_m": x_m + 0.4, "y_m": y_m}
        told.run(3)
        act(told, "take", f"survey/{area}", x_m=x_m, y_m=y_m, wearable="tag-worker-1")
    told.field.worker |= {"x_m": 5.0, "y_m": -1.0}
    walked(told)


def stopped(told: Story) -> None:
    """Work is begun and stopped on purpose: the output falls, the siren sounds, somebody else hears it."""
    told.begin_work(goes_in=())
    told.ask(Ask.STOP, "li-na")
    told.run(3)
    act(told, "heard", "siren/relay-1/siren", by=BY, passed=True)  # not by himself
    act(told, "heard", "siren/relay-1/siren", by=OTHER, passed=True)


def rest(told: Story) -> None:
    """The way to the centre is cut and comes back; a person enters what the box did not see."""
    for said in (NOTHING, CUT, NOTHING):
        told.field.unwell["uplink"] = said
        told.run(5)
    act(told, "enter", "power/unit", value=40.0, passed=True, note="plug pulled")
    act(told, "skip", "ups/unit")  # no reason
    act(told, "skip", "ups/unit", note="no back-up supply fitted yet")


@story_at(asking_site)
def a_box_is_commissioned_before_its_first_job(site: Settings) -> Story:
    told = Story(site)
    told.bring(ticket(id="P-0"))
    told.run(2)
    told.ask(Ask.START, "wang-lei", permit="P-0")  # nobody has shown that the box works here
    act(told, "take", "bump/gas-ch4", value=25.0)  # nothing has been begun
    act(told, "begin", by="zhou-qiang")  # a worker may not
    act(told, "begin")
    act(told, "begin")
    tried(told)
    stopped(told)
    rest(told)
    act(told, "finish")
    return told


@story_at(asking_site)
def a_commissioning_that_leaves_something_out_gives_no_certificate(site: Settings) -> Story:
    told = Story(site)
    act(told, "begin")
    act(told, "take", "bump/gas-ch4", value=1.25)  # clean air: 0 of 1.25
    act(told, "take", "bump/gas-ch4")
    act(told, "take", "bump/nobody", value=1.0)
    act(told, "take", "survey/yard", x_m=40.0, y_m=10.0, wearable="tag-worker-1")  # he stands elsewhere
    act(told, "heard", "siren/relay-1/siren", by=OTHER, passed=True)  # it has not sounded
    act(told, "enter", "bump/gas-co", value=1.0, passed=True, note="by eye")
    act(told, "finish")
    act(told, "drop")
    act(told, "finish")
    return told


def certified(site: Settings) -> Commissioning:
    """What the box keeps of the first story."""
    told = a_box_is_commissioned_before_its_first_job(site)
    return told.decisions[-1].state.commissioning


def _asks(told: Story) -> Story:
    told.bring(ticket())
    told.run(2)
    told.ready()
    for person in ("wang-lei", "li-na"):
        told.ask(Ask.START, person)
        told.step()
    return told


@story_at(asking_site)
def a_commissioned_box_lets_work_start(site: Settings) -> Story:
    told = _asks(Story(site, kept=Kept(commissioning=certified(site)), utc=T0_UTC + 3600))
    assert told.state is State.ACTIVE
    return told


@story_at(asking_site)
def a_certificate_runs_out_in_the_night(site: Settings) -> Story:
    kept = certified(site)
    assert kept.certificate is not None
    ends = replace(kept, certificate=replace(kept.certificate, valid_until_utc=T0_UTC + 3))
    return _asks(Story(site, kept=Kept(commissioning=ends)))


@story_at(asking_site)
def a_detector_is_another_than_the_certificate_covers(site: Settings) -> Story:
    kept = certified(site)
    assert kept.certificate is not None
    trials = tuple(
        replace(one, covers="of another head") if one.key == f"{TrialKind.BUMP}/gas-co" else one
        for one in kept.certificate.trials
    )
    told = _asks(
        Story(site, kept=Kept(commissioning=replace(kept, certificate=replace(kept.certificate, trials=trials))))
    )
    assert told.state is not State.ACTIVE
    return told
