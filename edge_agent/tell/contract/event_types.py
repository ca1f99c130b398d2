"""Every type of event that the box tells, what it carries, and what it means in one line.

A type is never renamed and never carries less; what is added is optional (docs/upstream/README.md).
"""

from collections.abc import Mapping

from msgspec import Struct

from edge_agent.domain.request import Ask
from edge_agent.tell.contract import alarm_events as of_alarm
from edge_agent.tell.contract import centre_events as of_centre
from edge_agent.tell.contract import evidence_events as of_evidence
from edge_agent.tell.contract import permit_events as of_permit
from edge_agent.tell.contract import person_events as of_person
from edge_agent.tell.contract import report_events as of_report
from edge_agent.tell.contract import settings_events as of_settings
from edge_agent.tell.contract import unit_events as of_unit
from edge_agent.tell.contract.permit_events import Data

PREFIX, SUFFIX = "edge_agent.", ".v1"  # around an event's type on the wire


def wire_type(type_: str) -> str:
    """An event's type as it stands in the message: edge_agent.permit.paused.v1."""
    return f"{PREFIX}{type_}{SUFFIX}"


def bare_type(wire: str) -> str:
    """The same without what stands around it: permit.paused."""
    return wire.removeprefix(PREFIX).removesuffix(SUFFIX)


class EventType(Struct, frozen=True):
    """One row: what the data is, and when it is told."""

    data: type[Data]
    means: str


def _refusals() -> dict[str, EventType]:
    """What people asked of a permit, and did not get."""
    special = {Ask.HERE: of_permit.HereRefused}
    return {
        f"permit.{ask.value}_refused": EventType(
            special.get(ask, of_permit.Refused),
            f"somebody asked for {ask.value} and was refused, with every reason",
        )
        for ask in Ask
        if ask not in WITHOUT_PERMIT
    }


WITHOUT_PERMIT = frozenset(
    {
        Ask.REPORT,
        Ask.TICKET,
        Ask.PICTURE,
        Ask.FILM,
        Ask.PERSON,
        Ask.RECTIFY,
        Ask.VERIFY,
        Ask.JUDGE,
        Ask.LOOK,
        Ask.WALK,
        Ask.LET_READ,
        Ask.END_READING,
    }
)

EVENTS: Mapping[str, EventType] = {
    # a permit's life
    "permit.received": EventType(of_permit.Received, "a ticket arrived: nothing of it is permitted yet"),
    "permit.refused": EventType(of_permit.TicketRefused, "a ticket that the box does not take, with every reason"),
    "permit.approved": EventType(of_permit.Approved, "somebody signed a ticket that was made on the box"),
    "permit.linked": EventType(of_permit.Linked, "two tickets of one job name each other"),
    "permit.change_received": EventType(of_permit.ChangeReceived, "a newer version waits for the guard"),
    "permit.changed": EventType(of_permit.ChangeTaken, "the newer version counts"),
    "permit.ready": EventType(of_permit.Changed, "everything that a start needs is good"),
    "permit.not_ready": EventType(of_permit.Changed, "something that a start needs is missing again"),
    "permit.signed": EventType(of_permit.Signed, "somebody agreed to a start, a resume or a close"),
    "permit.audited": EventType(of_permit.Audited, "what an auditor would fault, at start and close"),
    "permit.started": EventType(of_permit.Changed, "work is permitted from now on"),
    "permit.paused": EventType(of_permit.Changed, "the box stopped the work by itself; `causes` says why"),
    "permit.stopped": EventType(of_permit.Changed, "a person stopped the work"),
    "permit.cause_added": EventType(of_permit.CauseAdded, "stopped work has one more reason to be stopped"),
    "permit.resume_requested": EventType(of_permit.Changed, "somebody asks to go on"),
    "permit.resume_lapsed": EventType(of_permit.Changed, "the signatures did not come together in time"),
    "permit.resumed": EventType(of_permit.Changed, "named people on site let the work go on"),
    "permit.signatures_lapsed": EventType(of_permit.Spoken, "signatures no longer count"),
    "permit.retested": EventType(of_permit.Retested, "a named tester entered a gas test"),
    "permit.confirmed": EventType(of_permit.MeasureConfirmed, "somebody looked: measures are in place"),
    "permit.handed_over": EventType(of_permit.HandedOver, "the work went over to the next shift"),
    "permit.override_given": EventType(of_permit.Overridden, "a safety officer lets one rule be for a while"),
    "permit.override_ended": EventType(of_permit.Overridden, "it ended"),
    "permit.fire_watch": EventType(of_permit.Changed, "hot work ended; its fire watch began"),
    "permit.work_ended": EventType(
        of_permit.Changed, "hot work that is stopped ended; its watch is still to come"
    ),
    "permit.fire_watch_owed": EventType(of_permit.FireWatchOwed, "a ticket ended before its fire watch was kept"),
    "permit.fire_watch_over": EventType(of_permit.Spoken, "the fire watch was kept"),
    "permit.closed": EventType(of_permit.Changed, "the work is done; `coverage` says what was guarded"),
    "permit.expired": EventType(of_permit.Changed, "its time is over"),
    "permit.revoked": EventType(of_permit.Changed, "it was withdrawn"),
    "permit.everybody_out": EventType(of_permit.EverybodyOut, "all are out of a permit that ended at work"),
    "permit.restarted": EventType(of_permit.Changed, "the box came up again: running work is paused"),
    "permit.would_have_paused": EventType(of_permit.WouldHave, "shadow: the box would have stopped it"),
    "permit.would_have_been_refused": EventType(of_permit.WouldHave, "shadow: its start would have been refused"),
    **_refusals(),
    "shadow.began": EventType(of_permit.Spoken, "this work is not protected by the box: shadow mode"),
    "shadow.ended": EventType(of_permit.Spoken, "shadow mode ended: the box protects this work"),
    # guard and people at the point
    "guard.checked_in": EventType(of_permit.GuardIn, "the guard is at the point"),
    "guard.checked_out": EventType(of_permit.GuardOut, "the guard left"),
    "guard.relieved": EventType(of_permit.GuardRelieved, "one guard took over from another"),
    "guard.here": EventType(of_permit.GuardHere, "the guard answered 'are you there?'"),
    "person.entered": EventType(of_permit.Crossed, "people went in, counted by the guard"),
    "person.left": EventType(of_permit.Crossed, "people came out"),
    "person.answered": EventType(of_permit.Crossed, "somebody inside answered the guard's call"),
    "person.wears": EventType(of_permit.Wears, "somebody put another wearable on; the old one is nobody's"),
    # alarms
    "alarm.raised": EventType(of_alarm.Alarm, "a rule's condition is met"),
    "alarm.returned": EventType(of_alarm.Alarm, "it is over"),
    "alarm.acknowledged": EventType(of_alarm.Acknowledged, "somebody acknowledged alarms"),
    "alarm.escalated": EventType(of_alarm.Escalated, "nobody acknowledged in time: the next are called"),
    "alarm.shelved": EventType(of_alarm.Shelved, "somebody silenced it for a while; it goes on acting"),
    "alarm.unshelved": EventType(of_alarm.Unshelved, "it calls again"),
    "alarm.repeated": EventType(of_alarm.Repeated, "the same alarm in the same area again and again"),
    "alarm.would_have_raised": EventType(of_alarm.Alarm, "shadow: it would have been raised"),
    "alarm.would_have_returned": EventType(of_alarm.Alarm, "shadow: it would have returned"),
    "alarms.flood": EventType(of_alarm.FloodTold, "very many alarms at once: the first, and how many of each"),
    # reports, drills, figures
    "hazard.reported": EventType(of_report.HazardReported, "somebody on site reports what he sees"),
    "rectification.taken": EventType(of_report.Rectified, "somebody takes on what an event has shown to be wrong"),
    "rectification.pictured": EventType(
        of_report.Rectified, "a picture of before or afterwards, with its SHA-256"
    ),
    "rectification.done": EventType(of_report.Rectified, "it is put right, says who did it"),
    "rectification.verified": EventType(of_report.Rectified, "somebody else looked, and it is right: closed"),
    "rectification.sent_back": EventType(of_report.Rectified, "somebody else looked, and it is not right"),
    "rectification.risen": EventType(
        of_report.Rectified, "nobody dealt with it in time: the next role answers for it"
    ),
    "pause.judged": EventType(of_report.PauseJudged, "people say afterwards whether a pause was right"),
    "drill.began": EventType(of_report.DrillBegan, "a drill is played from now on"),
    "drill.ended": EventType(of_report.DrillOver, "a drill ended"),
    "drill.overtaken": EventType(of_report.DrillOver, "something real ended a drill"),
    "drill.report": EventType(of_report.DrillReport, "what the box noticed, and who acted after how long"),
    "figures.day": EventType(of_report.Day, "the figures of one local day"),
    # evidence
    "evidence.kept": EventType(of_evidence.EvidenceKept, "a film or a picture was kept, with its SHA-256"),
    "evidence.sent": EventType(
        of_evidence.EvidenceSent, "copies of kept evidence lie at the centre's store, or cannot"
    ),
    "evidence.exported": EventType(of_evidence.EvidenceHandled, "somebody took a film or a bundle off the box"),
    "evidence.looked": EventType(
        of_evidence.EvidenceHandled, "somebody looked at a picture without its mask, or played a film"
    ),
    "evidence.marked": EventType(of_evidence.EvidenceHandled, "a film stays until it is unmarked"),
    "evidence.unmarked": EventType(of_evidence.EvidenceHandled, "a mark was taken away"),
    "picture.asked": EventType(of_evidence.PictureAsked, "somebody wanted what a camera shows now"),
    "order.answered": EventType(
        of_centre.OrderAnswered, "an order of the centre (dn/cmd) was carried out, or was not"
    ),
    # people's and devices' records, requests, the unit
    "person.updated": EventType(of_person.PersonUpdated, "a person's record came from the centre"),
    "person.refused": EventType(of_person.PersonRefused, "a person's record that gives nobody anything"),
    "person.changed": EventType(of_person.PersonChanged, "an administrator changed a person's record on the box"),
    "settings.changed": EventType(of_settings.SettingsChanged, "a file of the settings has another text"),
    "commissioning.begun": EventType(of_settings.CommissioningBegun, "somebody begins to commission the box"),
    "commissioning.dropped": EventType(of_settings.CommissioningBy, "a commissioning ends without a certificate"),
    "commissioning.tried": EventType(
        of_settings.CommissioningTried, "one item of a commissioning, and what came of it"
    ),
    "commissioning.excepted": EventType(of_settings.CommissioningTried, "a measured failure is let be for a time"),
    "commissioning.opened": EventType(
        of_settings.CommissioningOpened, "work may start once more without a certificate"
    ),
    "commissioning.certified": EventType(of_settings.Commissioned, "the box is commissioned: the certificate"),
    "person.logged_in": EventType(of_person.LoggedIn, "somebody logged in"),
    "device.swapped": EventType(of_settings.DeviceSwapped, "another device hangs under the same id"),
    "device.looked": EventType(of_settings.DeviceLooked, "somebody has a device looked at before it is entered"),
    "token.made": EventType(of_settings.TokenMade, "an administrator lets a program read for a time"),
    "token.revoked": EventType(of_settings.TokenRevoked, "a program is let read no more"),
    "device.bump_begun": EventType(of_settings.BumpBegun, "a bump test of a detector begins"),
    "device.bump_tested": EventType(of_settings.BumpTested, "a bump test is over: what the box has measured"),
    "device.vouched": EventType(
        of_settings.DeviceVouched, "somebody entered a device's own test or its certificate"
    ),
    "device.updated": EventType(of_settings.DeviceUpdated, "a device's record came from the centre"),
    "record.updated": EventType(
        of_centre.RecordUpdated, "a copy of the centre's is kept: contacts, codes, a ticket, ..."
    ),
    "record.refused": EventType(of_centre.RecordRefused, "a copy of the centre's that is not taken, and why"),
    "request.refused": EventType(of_person.RequestRefused, "a request that concerns no permit was refused"),
    "request.rejected": EventType(
        of_person.Rejected, "a message that could not be obeyed: unsigned, replayed, stale"
    ),
    "unit.claimed": EventType(of_person.Claimed, "a new box was claimed"),
    "camera.aimed": EventType(of_evidence.CameraAimed, "a camera has turned to the place of an alarm or an order"),
    "camera.home": EventType(of_evidence.CameraAimed, "a camera looks home again"),
    "camera.walk_begun": EventType(of_settings.CameraWalk, "somebody begins a walk test before a camera"),
    "camera.walk_dropped": EventType(of_settings.CameraWalk, "a walk test is given up by whoever asks for that"),
    "camera.walk_left_out": EventType(
        of_settings.CameraWalkLeftOut, "a corner of a walk test is left out: nobody can walk there"
    ),
    "camera.walked": EventType(
        of_settings.CameraWalked, "a walk test is over: what was seen of the walker, or why not"
    ),
    "unit.trial_ordered": EventType(of_unit.TrialOrdered, "somebody lets outputs go on for a moment"),
    "unit.sirens_tried": EventType(of_unit.SirensTried, "a test of the sirens, or of other outputs, is over"),
    "unit.output_seen": EventType(
        of_unit.OutputSeen, "somebody saw or heard outputs go on that nothing reads back"
    ),
    "unit.started": EventType(of_unit.Started, "the agent started"),
    "messages.dropped": EventType(
        of_unit.MessagesDropped, "messages to the centre gave way unsent: there was no room for them"
    ),
    "update.settled": EventType(of_centre.UpdateSettled, "an ordered version runs now, or why it does not"),
    "model.settled": EventType(of_centre.ModelSettled, "an offered model judges now, or why it does not"),
    "notice.told": EventType(of_centre.NoticeTold, "what became of a short message about a critical event"),
    "records.lost": EventType(of_unit.RecordsLost, "records could not be read, or some are gone"),
    "records.restored": EventType(of_unit.RecordsLost, "the unit goes on from a backup of its records"),
}
