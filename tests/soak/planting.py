"""What goes wrong: each function plants one danger in one job, and nothing else changes."""

import math

from msgspec.structs import replace

from edge_agent.domain.claim import Claim, Standing
from edge_agent.domain.delivery import DeviceDelivery, PersonDelivery, TicketDelivery
from edge_agent.domain.device import DeviceStatus
from edge_agent.domain.observation import Filming, Quality, View
from edge_agent.domain.permit import State
from edge_agent.domain.person import Proof
from edge_agent.domain.request import Ask, Request
from edge_agent.domain.ticket import Approval, Ticket
from edge_agent.domain.words import Words
from tests.soak.crew import Crew
from tests.soak.yard import GAS, PEER, book, samples, signs, ticket

RUNS_OUT_S = 20.0
RISES_S = 20


def _some_gas(crew: Crew) -> str:
    return crew.play.rng.choice(sorted(crew.detectors))


def _beyond(crew: Crew, gas: str) -> float:
    """A level beyond a stop limit, in the detector's unit; 10 %LEL of methane is its 0.5 %vol."""
    rng = crew.play.rng
    if gas == "o2":
        return rng.choice((rng.uniform(5.0, 19.4), rng.uniform(23.6, 25.0)))
    least = {"ch4": 10.1, "h2s": 7.3, "co": 27.0}[gas]
    return rng.uniform(least, least * 4)


def gas_over(crew: Crew) -> None:
    """A channel goes beyond its limit and stays there."""
    gas = _some_gas(crew)
    crew.detectors[gas].level = _beyond(crew, gas)


def gas_spike(crew: Crew) -> None:
    """One single sample beyond the limit; the next one is clean again."""
    gas = _some_gas(crew)
    detector, play = crew.detectors[gas], crew.play
    play.say(replace(detector.word(), level=_beyond(crew, gas)))
    play.say(detector.word())


def gas_over_range(crew: Crew) -> None:
    """The detector is beyond its range: no number, and danger all the same."""
    crew.detectors[_some_gas(crew)].quality = Quality.OVERRANGE


def gas_device_alarm(crew: Crew) -> None:
    """The detector alarms by itself below the limit of the rulebook."""
    crew.detectors[_some_gas(crew)].device_alarm = True


def gas_silent(crew: Crew) -> None:
    """The detector is not heard any more."""
    crew.detectors[_some_gas(crew)].silent = True


def gas_not_good(crew: Crew) -> None:
    """The detector answers, and says that its number is worth nothing."""
    bad = (
        Quality.WARMUP,
        Quality.FAULT,
        Quality.UNDERRANGE,
        Quality.INHIBITED,
        Quality.SUSPECT,
        Quality.COMM_FAIL,
    )
    crew.detectors[_some_gas(crew)].quality = crew.play.rng.choice(bad)


def guard_leaves(crew: Crew) -> None:
    """He walks away, further than the limit, in one direction or the other."""
    rng = crew.play.rng
    crew.tags[crew.guard].place = (crew.post.x_m + rng.uniform(60.0, 110.0), rng.uniform(-20.0, 20.0))


def guard_unsure(crew: Crew) -> None:
    """His fixes become so coarse that nobody can say where he is; somebody is seen at the post, whoever it is."""
    crew.tags[crew.guard].accuracy_m = crew.play.rng.uniform(70.0, 200.0)
    _stands_about(crew)


def guard_unsure_and_unseen(crew: Crew) -> None:
    """The same, and no picture shows anybody at the post."""
    guard_unsure(crew)
    crew.camera.guard_seen = False


def badge_hung(crew: Crew) -> None:
    """The badge hangs on a rail at the post, and still says that it is worn."""
    crew.tags[crew.guard].hung = True


def badge_off(crew: Crew) -> None:
    """The wearable is off the wrist, and says so."""
    crew.tags[crew.guard].worn = False


def guard_leaves_the_site(crew: Crew) -> None:
    """He walks out of every area of the plan."""
    crew.tags[crew.guard].place = (crew.post.x_m, crew.play.rng.uniform(180.0, 250.0))


def guard_checks_out(crew: Crew) -> None:
    """He leaves his post, and says so; nobody has come for him."""
    crew.ask(Ask.CHECK_OUT, crew.guard)


def guard_climbs(crew: Crew) -> None:
    """Near on the plan, and on another level."""
    crew.tags[crew.guard].z_m = crew.play.rng.choice((-1, 1)) * crew.play.rng.uniform(7.0, 20.0)


def fall(crew: Crew) -> None:
    """A wearable says that its wearer fell."""
    tag = crew.tags[crew.play.rng.choice((*crew.post.workers, crew.guard))]
    tag.fall = True
    crew.play.say(tag.word())


def tag_silent(crew: Crew) -> None:
    """The guard's wearable is not heard any more, and no picture shows him."""
    crew.tags[crew.guard].silent = True
    crew.camera.guard_seen = False


def tag_dead_and_seen(crew: Crew) -> None:
    """The guard's wearable is dead; somebody stands at his post by video, whoever it is."""
    crew.tags[crew.guard].silent = True


def sos(crew: Crew) -> None:
    """Somebody who works here presses SOS."""
    tag = crew.tags[crew.play.rng.choice((*crew.post.workers, crew.guard))]
    tag.sos = True
    crew.play.say(tag.word())


def barred(crew: Crew) -> None:
    """The centre says that somebody may not work here any more."""
    who = crew.play.rng.choice((crew.post.holder, crew.guard, *crew.post.workers))
    person = replace(crew.play.decision.state.persons[who], denied="barred")
    crew.play.ask(PersonDelivery(id="bar", at_s=crew.play.now_s, person=person))


def without_tag(crew: Crew) -> None:
    """The guard's wearable is taken from the list of people."""
    person = replace(crew.play.decision.state.persons[crew.guard], tag=None)
    crew.play.ask(PersonDelivery(id="untag", at_s=crew.play.now_s, person=person))


def tag_of_two(crew: Crew) -> None:
    """The list of people gives the guard's wearable to somebody else too."""
    persons = crew.play.decision.state.persons
    other = next(one for one in persons.values() if one.tag is None and one.id != crew.guard)
    shared = replace(other, tag=persons[crew.guard].tag)
    crew.play.ask(PersonDelivery(id="share", at_s=crew.play.now_s, person=shared))


def relay_silent(crew: Crew) -> None:
    """The relay module is not heard any more."""
    crew.relay.silent = True


def relay_opens(crew: Crew) -> None:
    """The contactor falls although it is told to hold."""
    crew.relay.stuck = False


def stop_button(crew: Crew) -> None:
    """Somebody presses the stop button, or its wire is cut."""
    crew.relay.stop_closed = False


def camera_gone(crew: Crew) -> None:
    """The required camera shows nothing."""
    rng = crew.play.rng
    if rng.random() < 0.5:
        crew.camera.silent = True
    else:
        crew.camera.view = rng.choice((View.FROZEN, View.DARK, View.GONE, View.UNJUDGED))


def recording_fails(crew: Crew) -> None:
    """The disk of the films refuses."""
    crew.camera.filming = Filming.FAILED


def _papers(crew: Crew, who: str, **changed: object) -> None:
    """The centre sends somebody's record anew."""
    person = replace(crew.play.decision.state.persons[who], **changed)
    crew.play.ask(PersonDelivery(id="papers", at_s=crew.play.now_s, person=person))


def licence_revoked(crew: Crew) -> None:
    """The issuer withdraws a worker's certificate."""
    who = crew.play.rng.choice(crew.post.workers)
    held = crew.play.decision.state.persons[who].certificates
    _papers(crew, who, certificates=tuple(replace(one, status="revoked") for one in held))


def licence_of_another_kind(crew: Crew) -> None:
    """A worker's certificate turns out to cover something else."""
    who = crew.play.rng.choice(crew.post.workers)
    held = crew.play.decision.state.persons[who].certificates
    _papers(crew, who, certificates=tuple(replace(one, scopes=("driving",)) for one in held))


def training_ends(crew: Crew) -> None:
    """Somebody's training runs out during the work."""
    who = crew.play.rng.choice(crew.post.workers)
    _papers(crew, who, training_ok_until_utc=crew.play.utc + RUNS_OUT_S)


def record_ends(crew: Crew) -> None:
    """Somebody's record runs out during the work."""
    who = crew.play.rng.choice((crew.post.holder, *crew.post.workers))
    _papers(crew, who, valid_until_utc=crew.play.utc + RUNS_OUT_S)


def lies_still(crew: Crew) -> None:
    """The only worker does not stir any more."""
    crew.tags[crew.post.workers[0]].hung = True


def post_empty(crew: Crew) -> None:
    """No picture shows anybody at the post, whatever the badge says."""
    crew.camera.guard_seen = False


def coat_at_post(crew: Crew) -> None:
    """A coat hangs at the post, and who should wear it stands further away than the post reaches."""
    crew.camera.coat = True
    crew.tags[crew.guard].place = (crew.post.x_m + crew.play.rng.uniform(20.0, 40.0), 0.0)


def storm(crew: Crew) -> None:
    """The wind rises beyond the limit."""
    crew.weather.wind_mps = crew.play.rng.uniform(11.0, 25.0)


def station_silent(crew: Crew) -> None:
    """Nobody measures the wind any more."""
    crew.weather.silent = True


def clamp_open(crew: Crew) -> None:
    """The earth clamp comes off, or its wire is cut."""
    crew.relay.clamp_closed = crew.play.rng.choice((False, None))


def door_open(crew: Crew) -> None:
    """The door of the panel stands open, or its contact cannot be read."""
    crew.relay.door_closed = crew.play.rng.choice((False, None))


def curtain_broken(crew: Crew) -> None:
    """Somebody stands in the light curtain."""
    crew.relay.curtain_closed = False


def water(crew: Crew) -> None:
    """Water rises to the switch, or its wire is cut."""
    crew.relay.sump_dry = False


def pit_full(crew: Crew) -> None:
    """The pit of the place runs over."""
    crew.pit.level_m = crew.play.rng.uniform(3.1, 6.0)


def pit_silent(crew: Crew) -> None:
    """Nobody measures the pit any more."""
    crew.pit.silent = True


def siren_cut(crew: Crew) -> None:
    """The line to the siren is cut."""
    crew.relay.line_whole = False


def siren_mute(crew: Crew) -> None:
    """The siren is broken, and gas makes it sound."""
    crew.relay.siren_mute = True
    gas_over(crew)


def mains_gone(crew: Crew) -> None:
    """The box runs on its battery, and the mains do not come back."""
    crew.relay.mains_closed = False


def stranger_goes_in(crew: Crew) -> None:
    """Somebody who is not on the ticket walks into the place of the work."""
    crew.visitor.place = crew.inside


def stranger_under_the_load(crew: Crew) -> None:
    """Somebody who is not on the ticket walks up to the work point."""
    crew.visitor.place = (crew.post.x_m + crew.play.rng.uniform(0.0, 7.0), 3.0)


def seen_in_the_swing(crew: Crew) -> None:
    """A picture shows somebody where the load swings, whoever he is."""
    crew.camera.in_swing = True


def guard_goes_in(crew: Crew) -> None:
    """The guard leaves his post for the inside, where he can guard nobody."""
    crew.tags[crew.guard].place = crew.inside


def guard_goes_in_coarsely(crew: Crew) -> None:
    """The same, and his fixes are off by metres."""
    guard_goes_in(crew)
    crew.tags[crew.guard].accuracy_m = crew.play.rng.uniform(4.0, 12.0)


def nobody_answers(crew: Crew) -> None:
    """Those inside are called, and do not answer: nothing is done, and the time runs out."""


def without_harness(crew: Crew) -> None:
    """Somebody at height wears no harness."""
    crew.camera.without = "harness"


def stopped_by_hand(crew: Crew) -> None:
    """Anyone may stop: no rule is needed."""
    play = crew.play
    who = play.rng.choice((crew.post.holder, crew.guard, "safety-1", *crew.post.workers))
    asked = Request(id="stop", at_s=play.now_s, ask=Ask.STOP, person=who, proof=Proof.NONE, permit=crew.number)
    play.ask(asked)


def guard_leaves_in_a_hole(crew: Crew) -> None:
    """He walks away while nothing that is on the air gets through."""
    crew.wifi.out_until_s = crew.play.now_s + crew.play.rng.uniform(15.0, 60.0)
    guard_leaves(crew)


def network_gone(crew: Crew) -> None:
    """Nothing on the air is heard any more: nobody knows whether the guard is there."""
    crew.wifi.out_until_s = math.inf


def gas_rises_unseen(crew: Crew) -> None:
    """The camera is out, or the whole wireless network is, and gas rises steadily beyond its limit."""
    play, gas = crew.play, _some_gas(crew)
    if play.rng.random() < 0.5:
        crew.camera.silent = True
    else:
        crew.wifi.out_until_s = play.now_s + 60.0
    detector, clean, beyond = crew.detectors[gas], GAS[gas][0], _beyond(crew, gas)
    for second in range(1, RISES_S + 1):
        level = clean + (beyond - clean) * second / RISES_S
        play.after(second - 0.5, lambda level=level: setattr(detector, "level", level))


def gas_beside_over_range(crew: Crew) -> None:
    """The plant's own detector at the place is beyond its range; those of the ticket are not."""
    crew.beside["h2s"].quality = Quality.OVERRANGE


def chlorine_beside(crew: Crew) -> None:
    """The plant's own detector at the place reads chlorine of the second response level; the ticket's does not."""
    crew.beside["cl2"].level = crew.play.rng.uniform(1.0, 3.0)


def chlorine_at_its_worst(crew: Crew) -> None:
    """The ticket's own detector reads chlorine of the third response level."""
    crew.detectors["cl2"].level = crew.play.rng.uniform(3.2, 9.0)


def withdrawn(crew: Crew) -> None:
    """The ticket is withdrawn while people are inside, and they stay there."""
    play = crew.play
    asked = Request(
        id="withdraw", at_s=play.now_s, ask=Ask.REVOKE, person="safety-1", proof=Proof.BADGE, permit=crew.number
    )
    play.ask(asked)


def bad_air(crew: Crew) -> None:
    """Carbon monoxide below what stops the work at once, above what may be breathed for a quarter of an hour."""
    crew.detectors["co"].level = crew.play.rng.uniform(24.0, 26.0)
    _stands_about(crew)


def calibration_runs_out(crew: Crew) -> None:
    """A detector's calibration runs out during the work, and nobody replaces it before the shift ends."""
    crew.detectors[_some_gas(crew)].quality = Quality.CAL_OVERDUE
    _stands_about(crew)


def nothing_is_done(crew: Crew) -> None:
    """Nobody does what the hour asks for."""
    _stands_about(crew)


def scrapped(crew: Crew) -> None:
    """The centre says that a detector of this work was scrapped."""
    play, source = crew.play, crew.detectors[_some_gas(crew)].source
    record = next(one for one in play.settings.records if one.id == source)
    play.ask(DeviceDelivery(id="scrap", at_s=play.now_s, record=replace(record, status=DeviceStatus.SCRAPPED)))


def issued_this_morning_with_every_signature(ticket: Ticket) -> Ticket:
    """Level-2 hot work, valid for days, signed by the higher level too; at night it is too old for that."""
    begins_utc = ticket.valid_from_utc - 9 * 3600
    roles = ("area_owner", *book().works["hot.1"].approvals, *(one.role for one in ticket.approvals))
    signed = tuple(
        Approval(role=role, person=signs(role), at_utc=begins_utc - 600) for role in dict.fromkeys(roles)
    )
    return replace(ticket, valid_from_utc=begins_utc, approvals=signed)


TEST_EVERY_S = 300.0  # how often a ticket wants its gas tested


def tested_by_hand_every_five_minutes(ticket: Ticket) -> Ticket:
    """No detector stands there: the ticket wants somebody to test the air again and again."""
    devices = tuple(device for device in ticket.devices if not device.startswith("gas-"))
    return replace(ticket, devices=devices, gas_interval_s=TEST_EVERY_S)


def sampled_beyond(crew: Crew) -> None:
    """The tester samples while work goes on, and one of the samples is beyond its limit."""
    play = crew.play
    taken = samples(play.utc)
    worst = play.rng.choice([at for at, one in enumerate(taken) if one.gas in crew.detectors])
    found = tuple(
        replace(one, level=_beyond(crew, one.gas)) if at == worst else one for at, one in enumerate(taken)
    )
    asked = Request(
        id="sampled",
        at_s=play.now_s,
        ask=Ask.RETEST,
        person="tester-1",
        proof=Proof.BADGE,
        permit=crew.number,
        samples=found,
    )
    play.ask(asked)


SERVED = "served"  # the work that a temporary power ticket is for


def for_another_work(ticket: Ticket) -> Ticket:
    """Power that serves another ticket."""
    return replace(ticket, linked=(SERVED,))


def served_work_ends(crew: Crew) -> None:
    """The hot work that this power serves is withdrawn, and nobody takes the line down."""
    play = crew.play
    hot = replace(crew.post, kind="hot.1")
    other = replace(
        ticket(hot, play.settings.rulebook, play.utc - 60, play.utc + 7200, SERVED),
        devices=(crew.post.relay,),
        linked=(crew.number,),
    )
    play.ask(TicketDelivery(id="served", at_s=play.now_s, ticket=other))
    ends = Request(id="ends", at_s=play.now_s, ask=Ask.REVOKE, person="safety-1", proof=Proof.BADGE, permit=SERVED)
    play.ask(ends)


def _stands_about(crew: Crew) -> None:
    """The guard is on his feet, so that nothing else than what is planted is wrong."""
    crew.tags[crew.guard].sitting = False


def welded(crew: Crew) -> None:
    """The contactor is welded: the work is stopped, and its power is not."""
    crew.relay.stuck = True
    stopped_by_hand(crew)


def work_beside(crew: Crew) -> None:
    """Another box reports entry into a confined space at the very place; it began first."""
    post, utc = crew.post, crew.play.utc
    crew.neighbour.claims = (
        Claim(
            permit="cs-9",
            type="confined_space",
            level="",
            area=f"area-{post.name}",
            point=post.point,
            state=State.ACTIVE,
            unit=PEER,
            started_utc=utc - 3600,
        ),
    )


def people_leave_beside(crew: Crew) -> None:
    """Another box has its people leave: gas, at a place that this box's settings take for near."""
    there = Words("邻近罐区", "the tanks next door")
    crew.neighbour.alarms = (Standing(code="GAS-01", area="tanks", leave=True, title=there, detail=there),)
