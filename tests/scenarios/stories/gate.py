"""The start gate: everything that may be missing before work begins, and papers that end while it goes on."""

from msgspec.structs import replace

from edge_agent.decide.state import Kept
from edge_agent.domain.observation import Quality, View
from edge_agent.domain.permit import Permit, Sample, State
from edge_agent.domain.person import Certificate
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Approval, Measure, MeasureKind, Point
from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.site import Settings
from tests.scenarios.stories.network import real_limits
from tests.scenarios.stories.telling import story, story_at
from tests.support.story import GOOD_AIR, HOT, T0_S, T0_UTC, Story, ticket

LONG_UTC = 4_102_444_800.0
CLEARED = Measure(id="cleared", kind=MeasureKind.MANUAL, words=Words("现场已清理", "the place is cleared"))
VENTED = Measure(
    id="vented",
    kind=MeasureKind.IOT,
    source="gas-o2",
    words=Words("通风有氧气监测", "airing is watched by oxygen"),
)
SEEN = Measure(id="seen", kind=MeasureKind.AI, source="cam-1", words=Words("视频看护", "a camera looks on"))


def _held(number: str, *scopes: str, **more: object) -> Certificate:
    return Certificate(**({"number": number, "scopes": scopes, "valid_to_utc": LONG_UTC} | more))  # type: ignore[arg-type]


def arrived(site: Settings, **changes: object) -> Story:
    """The ticket has arrived, the guard has checked in; nobody has sampled the air."""
    told = Story(site)
    told.bring(ticket(**changes))
    told.run(2)
    told.ask(Ask.CHECK_IN, "li-na")
    told.run(2)
    return told


def _starts(told: Story) -> None:
    told.ask(Ask.START, "wang-lei")
    told.step()
    told.ask(Ask.START, "li-na")
    told.step()


@story
def nobody_has_sampled_the_air(site: Settings) -> Story:
    told = arrived(site)
    _starts(told)
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(2)
    _starts(told)
    return told


@story
def samples_that_do_not_pass(site: Settings) -> Story:
    told = arrived(site)
    old = tuple(replace(sample, at_utc=told.utc - 1801) for sample in GOOD_AIR)
    for samples in (
        old,
        tuple(replace(sample, at_utc=told.utc + 60) for sample in GOOD_AIR),
        tuple(replace(sample, place=" ") for sample in GOOD_AIR),
        GOOD_AIR[:8],  # nothing from the lower part
        tuple(sample for sample in GOOD_AIR if sample.gas != "ch4"),
        (*GOOD_AIR, Sample(gas="o2", level=21.1, unit="%vol", place="lower")),  # on line only a warning
        (*GOOD_AIR, Sample(gas="o2", level=19.4, unit="%vol", place="lower")),
        (*GOOD_AIR, Sample(gas="nh3", level=50.0, unit="ppm", place="lower")),  # no detector is bound for it
        (*GOOD_AIR, Sample(gas="xx", level=0.0, unit="ppm", place="lower")),
    ):
        told.ask(Ask.RETEST, "sun-yan", samples=samples)
        told.step()
    told.ask(Ask.START, "wang-lei")
    told.step()
    return told


@story
def samples_grow_old_before_the_start_and_not_during_the_work(site: Settings) -> Story:
    told = arrived(site)
    told.ask(Ask.RETEST, "sun-yan", samples=tuple(replace(s, at_utc=told.utc - 1700) for s in GOOD_AIR))
    told.run(90)
    told.ask(Ask.START, "wang-lei")
    told.run(12)  # one second more than half an hour: the gate shuts, and his signature is void
    told.ask(Ask.START, "li-na")
    told.step()
    told.ask(Ask.RETEST, "sun-yan", samples=tuple(replace(s, at_utc=told.utc - 1790) for s in GOOD_AIR))
    told.run(2)
    _starts(told)
    told.run(20)  # during the work the half hour does not roll on
    return told


@story
def the_testers_certificate_ran_out(site: Settings) -> Story:
    told = arrived(site)
    told.bring(told.known("sun-yan", certificates=(_held("T-1", "gas_test", valid_to_utc=T0_UTC),)))
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.step()
    return told


@story
def a_low_voltage_card_opens_no_high_voltage_job(site: Settings) -> Story:
    told = Story(site)
    told.bring(told.known("wu-gang", certificates=(_held("T-2", "confined_space", "low_voltage"),)))
    told.bring(told.known("zhou-qiang", certificates=(_held("T-3", "confined_space", "high_voltage"),)))
    told.begin_work(scopes=("high_voltage",))
    told.bring(told.known("wu-gang", certificates=(_held("T-2", "confined_space", "high_voltage"),)))
    told.run(3)
    _starts(told)
    told.bring(told.known("wu-gang", certificates=(_held("T-2", "confined_space", "low_voltage"),)))
    told.run(3)
    told.bring(told.known("wu-gang", certificates=(_held("T-2", "confined_space", "high_voltage"),)))
    told.run(4)
    told.ask(Ask.RESUME, "qian-wei")
    told.step()
    told.resume()
    return told


@story
def an_expired_welder_is_kept_from_the_tank(site: Settings) -> Story:
    told = Story(site)
    told.bring(told.known("wu-gang", certificates=(_held("T-4", "hot", valid_to_utc=T0_UTC - 86400),)))
    told.begin_work(**HOT)
    for certificates in (
        (),
        (_held("T-4", "hot", status="suspended"),),
        (_held("T-4", "hot", status="revoked"),),
        (_held("T-4", "hot"),),
    ):
        told.bring(told.known("wu-gang", certificates=certificates))
        told.run(2)
    told.ask(Ask.START, "qian-wei")
    _starts(told)
    return told


@story
def a_certificate_ends_during_the_work(site: Settings) -> Story:
    told = Story(site)
    ends_utc = T0_UTC + 75
    told.bring(told.known("wu-gang", certificates=(_held("T-5", "confined_space", valid_to_utc=ends_utc),)))
    told.begin_work()
    told.run(80)
    told.bring(told.known("wu-gang"))
    told.run(4)
    told.ask(Ask.RESUME, "qian-wei")
    told.step()
    told.resume()
    return told


@story
def a_relief_guard_at_home_stops_nothing(site: Settings) -> Story:
    told = Story(site)
    told.bring(told.known("chen-jie", certificates=(_held("T-6", "guard", valid_to_utc=T0_UTC + 30),)))
    told.begin_work(guards=("li-na", "chen-jie"))
    told.run(40)
    return told


@story
def the_guards_certificate_ends(site: Settings) -> Story:
    told = Story(site)
    told.bring(told.known("li-na", certificates=(_held("T-7", "guard", valid_to_utc=T0_UTC + 30),)))
    told.begin_work()
    told.run(30)
    return told


@story
def training_and_records_run_out(site: Settings) -> Story:
    told = Story(site)
    told.bring(told.known("wang-lei", training_ok_until_utc=None))
    told.bring(told.known("wu-gang", valid_until_utc=T0_UTC + 3))
    told.begin_work()
    told.bring(told.known("wang-lei", training_ok_until_utc=T0_UTC + 80))
    told.bring(told.known("wu-gang", valid_until_utc=T0_UTC + 90))
    told.run(3)
    _starts(told)
    told.run(85)
    for id_ in ("wang-lei", "wu-gang"):
        told.bring(told.known(id_))
    told.run(4)
    told.ask(Ask.RESUME, "qian-wei")
    told.step()
    told.resume()
    return told


@story
def a_record_past_its_deadline_gives_nothing(site: Settings) -> Story:
    """It is refused, and the older one counts no more: he signs nothing until the centre renews it."""
    told = Story(site)
    told.begin_work()
    told.bring(told.known("zhao-min", valid_until_utc=T0_UTC - 3600))
    told.bring(told.known("feng-tao", valid_until_utc=T0_UTC - 60, denied="left the site"))
    told.bring(told.known("zhao-min", id="xu-hao", valid_until_utc=T0_UTC - 3600))  # nobody knew him before
    told.step()
    told.field.gas["gas-h2s"] = {"level": 9.0}
    told.step()
    told.field.gas["gas-h2s"] = {"level": 0.0}
    told.comes_out()
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(12)
    for person in ("wang-lei", "li-na", "zhao-min"):
        told.ask(Ask.RESUME, person)
    told.step()
    told.ask(Ask.REVOKE, "feng-tao", reason="he is denied since")
    told.bring(told.known("zhao-min"))
    told.step()
    told.ask(Ask.RESUME, "zhao-min")
    told.step()
    told.ask(Ask.STOP, "zhao-min", reason="anybody may")
    told.step()
    return told


@story_at(real_limits)
def nobody_begins_without_todays_class(site: Settings) -> Story:
    """One of them was there yesterday; who was there this morning works on, whatever his record says later."""
    told = Story(site)
    told.bring(told.known("zhou-qiang", daily_class_utc=T0_UTC - 86_400))
    told.begin_work(goes_in=())
    told.run(2)
    told.bring(told.known("zhou-qiang", daily_class_utc=told.utc))
    told.run(2)
    _starts(told)
    told.bring(told.known("zhou-qiang", daily_class_utc=T0_UTC - 86_400))
    told.bring(ticket(id="P-2"))  # the same people's next job waits: it asks for the class, theirs does not
    told.run(2)
    return told


@story
def signatures_that_do_not_count(site: Settings) -> Story:
    told = Story(site)
    one = Approval(role="workshop_manager", person="qian-wei", at_utc=T0_UTC - 60)
    told.bring(ticket(**HOT | {"approvals": (one,), "jsa": ""}))
    told.run(2)
    told.ready()
    told.ask(Ask.START, "wang-lei")
    told.run(2)
    second = Approval(role="safety_director", person="zhao-min", at_utc=T0_UTC - 60)
    for version, approvals in enumerate(
        (
            (one, replace(second, person="qian-wei")),
            (one, replace(second, on_site=False)),
            (one, replace(second, person="somebody-else", at_utc=T0_UTC + 40)),
            (one, replace(second, on_site=False), second),
        ),
        start=2,
    ):
        told.bring(ticket(**HOT | {"approvals": approvals, "version": version}))
        told.run(2)
        told.ready()
        told.ask(Ask.START, "wang-lei")
        told.run(2)
    told.ask(Ask.START, "li-na")
    told.ask(Ask.START, "qian-wei")
    told.run(2)
    return told


@story
def hot_work_waits_for_the_shift_lead_to_verify_its_ticket(site: Settings) -> Story:
    told = Story(site)
    told.bring(ticket(**HOT))
    told.run(2)
    told.ready()
    for person in ("wang-lei", "li-na", "zhao-min", "qian-wei"):  # the safety officer cannot stand in for him
        told.ask(Ask.START, person)
        told.run(2)
    return told


@story
def an_area_owner_whom_nobody_knows(site: Settings) -> Story:
    told = Story(site)
    for version, person in enumerate(("nobody-known", "feng-tao"), start=1):
        signed = (Approval(role="area_owner", person=person, at_utc=T0_UTC - 3600),)
        told.bring(ticket(approvals=signed, version=version))
        told.run(2)
        told.ready()
        _starts(told)
    return told


@story
def an_area_owner_who_is_none(site: Settings) -> Story:
    told = Story(site)
    told.begin_work(approvals=(Approval(role="area_owner", person="qian-wei", at_utc=T0_UTC - 60),))
    return told


@story
def a_ticket_that_cannot_be_meant(site: Settings) -> Story:
    told = Story(site)
    told.bring(told.known("wu-gang", valid_until_utc=T0_UTC - 7200))
    told.bring(
        ticket(
            guards=("li-na", "li-na"),
            devices=("gas-o2", "gas-o2", "relay-1"),
            linked=("P-1",),
            point=Point(40.0, 0.0),
            gas_interval_s=7200.0,
            measures=(CLEARED, CLEARED, replace(VENTED, source="")),
            approvals=(Approval(role="area_owner", person="feng-tao", at_utc=T0_UTC + 3600),),
        )
    )
    told.bring(ticket(id="P-2", gas_interval_s=0.0, workers=("zhou-qiang",)))
    told.bring(ticket(id="P-3", workers=("zhou-qiang",)))
    told.step()
    told.bring(ticket(id="P-3", workers=("zhou-qiang",), jsa="another"))  # another ticket under the same version
    told.step()
    return told


@story
def measures_are_shown_to_be_in_place(site: Settings) -> Story:
    told = arrived(site, measures=(CLEARED, VENTED, SEEN))
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(2)
    told.ask(Ask.START, "wang-lei")
    told.ask(Ask.CONFIRM, "li-na")
    told.ask(Ask.CONFIRM, "li-na", about=("cleared", "vented", "swept"))
    told.step()
    told.ask(Ask.CONFIRM, "li-na", about=("cleared",))
    told.run(2)
    told.field.gas["gas-o2"] = {"level": 20.9, "quality": Quality.SUSPECT}
    told.run(2)
    told.field.gas["gas-o2"] = {"level": 20.9}
    told.run(2)
    told.field.view = View.DARK
    told.run(2)
    told.field.view = View.CLEAR
    told.run(2)
    _starts(told)
    told.run(2)
    told.field.gas["gas-o2"] = {"level": 20.9, "quality": Quality.CAL_OVERDUE}  # a warning, no stop
    told.run(6)
    told.field.gas["gas-o2"] = {"level": 20.9}
    told.run(3)
    return told


@story
def a_confirmation_grows_old(site: Settings) -> Story:
    told = arrived(site, measures=(CLEARED,))
    told.ask(Ask.CONFIRM, "li-na", about=("cleared",))
    told.step()
    told.ask(Ask.CONFIRM, "li-na", about=("cleared",))
    told.step()
    told.run(570, every_s=30.0)
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(29)
    told.run(5)
    told.ask(Ask.CONFIRM, "wang-lei", about=("cleared",))
    told.run(2)
    _starts(told)
    told.run(630, every_s=5.0)  # during the work nobody is asked again
    return told


@story
def monthly_inspection_recorded_as_smart_monitoring(site: Settings) -> Story:
    told = arrived(
        site,
        devices=("gas-ch4", "gas-o2", "relay-1", "tag-worker-1", "cam-1"),
        measures=(
            replace(VENTED, source="gas-h2s"),  # exists, and this ticket does not bind it
            replace(VENTED, id="power", source="relay-1"),
            replace(VENTED, id="worn", source="tag-worker-1"),
            replace(VENTED, id="nothing", source=""),
            replace(SEEN, id="no-camera", source="cam-9"),
        ),
    )
    told.field.silent |= {"relay-1", "tag-worker-1"}
    told.run(8)
    told.ask(Ask.START, "wang-lei")
    told.step()
    return told


@story
def work_that_began_before_an_analysis_was_asked_for(site: Settings) -> Story:
    began = Permit(
        ticket=ticket(**HOT | {"jsa": "", "video_required": False}),
        state=State.PAUSED,
        since_s=T0_S - 60,
        since_utc=T0_UTC - 60,
        end_at_s=T0_S + 3600,
    )
    told = Story(site, kept=Kept(permits=(began,)))
    told.run(2)
    told.ready()
    told.run(4)
    told.ask(Ask.RESUME, "wang-lei")
    told.step()
    return told


@story
def a_relay_and_a_wearable_prove_measures(site: Settings) -> Story:
    told = arrived(
        site,
        devices=("gas-ch4", "gas-o2", "gas-h2s", "gas-co", "relay-1", "tag-worker-1", "cam-1"),
        measures=(
            replace(VENTED, id="power", source="relay-1"),
            replace(VENTED, id="worn", source="tag-worker-1"),
        ),
    )
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(2)
    told.ask(Ask.START, "wang-lei")  # the relay module has not said that it is well
    told.step()
    told.field.unwell["relay-1"] = NOTHING
    told.run(2)
    _starts(told)
    told.field.unwell["relay-1"] = Words("总线中断", "the bus is interrupted")
    told.run(3)  # proved again before anybody is told
    told.field.unwell["relay-1"] = NOTHING
    told.run(2)
    return told
