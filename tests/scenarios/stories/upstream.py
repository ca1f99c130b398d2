"""A job of which the centre is told everything that a centre may want, and in which it has a say itself."""

from msgspec.structs import replace

from edge_agent.domain.centre_model import ModelOffer
from edge_agent.domain.centre_record import (
    Advice,
    ContactPerson,
    Contacts,
    GuideCard,
    SiteMap,
    Taxonomy,
    TaxonomyCode,
    TicketStatus,
    record_of,
)
from edge_agent.domain.centre_rule import RuleLimit, RuleTable
from edge_agent.domain.centre_update import UpdateOrder
from edge_agent.domain.delivery import CentreOrder, OrderDelivery, RecordDelivery
from edge_agent.domain.noted import (
    EvidenceKept,
    EvidenceSent,
    KeptFile,
    MessagesDropped,
    ModelSettled,
    NoticeTold,
    SentFile,
    UpdateSettled,
)
from edge_agent.domain.observation import Quality, Weather
from edge_agent.domain.person import Role
from edge_agent.domain.report import Report
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Approval, Measure, MeasureKind
from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings
from tests.scenarios.stories.devices import record
from tests.scenarios.stories.telling import story
from tests.support.story import T0_UTC, Story, ticket

TOLD = {
    "team": "tank-2",
    "contractor": "hua-jian",
    "risk": "H2S, oxygen",
    "risk_version": "JHA-2026-3",
    "template_version": "CS-4",
    "gas_interval_s": 900.0,
    "content": Words("清洗储罐", "clean the tank"),
    "jsa": "JSA-2026-17",
    "measures": (
        Measure(id="isolated", kind=MeasureKind.MANUAL, words=Words("加盲板隔离", "blinds isolate the tank")),
    ),
    "approvals": (
        Approval(role="area_owner", person="feng-tao", at_utc=T0_UTC - 3600),
        Approval(role="workshop_manager", person="qian-wei", at_utc=T0_UTC - 3500, substitute=True),
    ),
}


COPIES = (
    Contacts(
        id="contacts",
        people=(
            ContactPerson(name="赵敏", role="safety_officer", phone="13800000001", verified_utc=T0_UTC - 86400),
            ContactPerson(name="冯涛", role="area_owner", phone="13800000002", second="13900000002"),
        ),
        valid_until_utc=T0_UTC + 86400 * 7,
    ),
    Taxonomy(
        id="taxonomy",
        name="HT-2026-2",
        codes={"GAS-01": TaxonomyCode(code="3.2.1", words=Words("可燃气体超限", "combustible gas"))},
    ),
    GuideCard(
        id="GAS-01",
        name="ER-7",
        action=Words("撤到西门集合点", "leave for the meeting point at the west gate"),
        card={"guard": Words("清点人数，报控制室", "count people, tell the control room")},
        valid_until_utc=T0_UTC + 86400 * 180,
    ),
    SiteMap(id="site", map_version="2026-03", surveyed_utc=T0_UTC - 86400 * 200),
    TicketStatus(id="R-7", event=18, status="accepted", owner="qian-wei", deadline_utc=T0_UTC + 7200),
    Advice(
        id="A-1",
        event=21,
        words=Words("五年内同类三起，均因通风中断", "three like it in five years: ventilation failed"),
        origin="knowledge base",
    ),
    RuleTable(
        id="rule",
        rulebook="demo-confined-space",
        limits={"gases.h2s.stop_high": RuleLimit(value=4.0, unit="ppm", reason="instruction S-12 of the plant")},
    ),
    ModelOffer(id="model", name="ppe-nano-third", sha256="5f" * 32, size=3_912_417, cameras=("cam-1",)),
    UpdateOrder(id="update", release="0.3.0", sha256="6e" * 32, wave=1),
)


def ordered(told: Story, order: CentreOrder) -> None:
    """The centre orders it."""
    told.file(OrderDelivery(id=f"m-{order.id}", at_s=told.now_s, order=order))
    told.step()


@story
def the_centre_is_told_everything_and_has_a_say(site: Settings) -> Story:
    """Wind and gas, a report, a kept picture, records, copies; orders for a picture, to stop and to withdraw."""
    told = Story(site)
    told.bring(ticket(**TOLD))
    told.run(2)
    told.ready()
    told.ask(Ask.CONFIRM, "li-na", about=("isolated",))
    told.step()
    for person in ("wang-lei", "li-na"):
        told.ask(Ask.START, person)
        told.step()
    told.goes_in("zhou-qiang", "wu-gang")
    told.run(2)
    told.also = (
        Weather(
            source="weather-1",
            at_s=told.now_s + 1,
            quality=Quality.GOOD,
            wind_mps=3.2,
            wind_from_deg=135.0,
            humidity_pct=78.0,
            temperature_c=21.5,
        ),
    )
    told.step()
    told.also = ()
    told.field.worker |= {"heart_rate_bpm": 96.0, "battery_pct": 71.0}
    for number, body in enumerate(COPIES[:4]):
        told.file(RecordDelivery(id=f"c-{number}", at_s=told.now_s, record=record_of(body, 1, told.utc)))
    told.bring(record("gas-ch4", calibration_due_utc=T0_UTC + 86400 * 90))
    told.bring(replace(told.known("wu-gang"), training_ok_until_utc=T0_UTC + 86400 * 30))
    told.ask(Ask.REPORT, "zhou-qiang", permit="", report=Report(kind="no_ventilation", note="hose is off"))
    told.step()
    asked = {"by": "zhao-min", "role": Role.SAFETY_OFFICER}
    ordered(told, CentreOrder(id="O-1", do="capture", camera="cam-1", reason="see the hose", **asked))
    told.field.gas["gas-ch4"] = {"level": 12.0}
    told.run(3)
    raised = next(event for d in told.decisions for event in d.events if event.data.get("rule") == "gas_dangerous")
    told.file(
        EvidenceKept(
            id="e-1",
            at_s=told.now_s,
            kind="still",
            camera="cam-1",
            permit="P-1",
            events=(raised.seq,),
            files=(KeptFile(name=f"{raised.seq}-cam-1.masked.jpg", sha256="5f" * 32, size=48_213),),
            began_utc=told.utc,
            ended_utc=told.utc,
            clock_trusted=True,
        )
    )
    told.run(1)
    kept = next(event for d in told.decisions for event in d.events if event.type == "evidence.kept")
    name = kept.data["files"][0]["name"]
    address = f"https://store.example/evidence/demo-tank/edge-1/{'5f' * 32}/{name}"
    sent = SentFile(name=name, sha256="5f" * 32, size=48_213, fate="sent", address=address)
    told.file(EvidenceSent(id="s-1", at_s=told.now_s, of=kept.seq, permit="P-1", files=(sent,)))
    for number, body in enumerate(COPIES[4:], start=4):
        told.file(RecordDelivery(id=f"c-{number}", at_s=told.now_s, record=record_of(body, 1, told.utc)))
    told.file(MessagesDropped(id="d-1", at_s=told.now_s, kind="telemetry", count=1000))
    told.file(
        NoticeTold(id="n-1", at_s=told.now_s, about=raised.seq, name="赵敏", number="…0001", state="arrived")
    )
    settled = {"version": 1, "release": "0.3.0", "sha256": "6e" * 32, "wave": 1}
    told.file(UpdateSettled(id="u-1", at_s=told.now_s, passed=True, **settled))
    told.file(ModelSettled(id="s-1", at_s=told.now_s, version=1, name="ppe-nano-third", sha256="5f" * 32))
    told.step()
    ordered(told, CentreOrder(id="O-2", do="stop", permit="P-1", reason="gas next door", **asked))
    told.comes_out()
    ordered(told, CentreOrder(id="O-3", do="withdraw", permit="P-1", reason="a new ticket", **asked))
    told.run(12)
    return told
