"""What the outputs should be, without any wire: leases, trips, the restart interlock."""

from edge_agent.act.lease import Leases
from edge_agent.domain.outcome import Action, Output, Pulse
from tests.act.relay_bench import DEVICE, want

OFF = {"power": False, "siren": False}
ON = {"power": True, "siren": False}


def leases() -> Leases:
    return Leases(DEVICE, {"power": Output.PERMISSIVE, "siren": Output.SIREN})


def test_nothing_is_on_before_anybody_said_so() -> None:
    assert leases().wanted(0.0, OFF) == OFF


def test_a_lease_that_is_over_when_it_is_given_energises_nothing() -> None:
    book = leases()
    book.renew(want(power=True, siren=True), until_s=10.0)
    assert book.wanted(10.0, OFF) == {"power": False, "siren": True}
    assert book.wanted(9.9, OFF) == {"power": True, "siren": True}


def test_what_ran_out_while_on_waits_for_the_brain_to_want_it_off() -> None:
    book = leases()
    book.renew(want(power=True), until_s=10.0)
    assert book.wanted(10.0, ON) == OFF
    book.renew(want(power=True), until_s=20.0)
    assert book.wanted(11.0, OFF) == OFF
    assert book.interlocked() == ("power",)
    book.renew(want(power=False), until_s=20.0)
    book.renew(want(power=True), until_s=20.0)
    assert book.wanted(12.0, OFF) == ON


def test_a_trip_must_be_written_before_a_renewal_counts() -> None:
    book = leases()
    book.renew(want(power=True), until_s=10.0)
    book.trip(want(power=False))
    book.renew(want(power=True), until_s=10.0)
    assert book.wanted(1.0, ON) == OFF
    book.written(OFF)
    assert book.wanted(1.0, OFF) == ON


def test_actions_of_another_device_or_channel_change_nothing() -> None:
    book = Leases("another", {"power": Output.PERMISSIVE})
    book.renew(want(power=True), until_s=10.0)
    assert book.wanted(1.0, {"power": False}) == {"power": False}


def test_an_output_that_a_renewal_does_not_name_is_off() -> None:
    book = leases()
    book.renew(want(power=True, siren=True), until_s=10.0)
    book.renew(want(power=True)[:1], until_s=10.0)
    assert book.wanted(1.0, ON) == ON
    assert book.loud() == OFF


def pulsing(*, on: bool = True) -> tuple[Action, ...]:
    return (
        Action(device=DEVICE, channel="siren", output=Output.SIREN, on=on, pulse=Pulse(on_s=1, off_s=1)),
        *want(power=False)[:1],
    )


def test_a_pulsing_siren_begins_with_sound_and_goes_on_when_the_brain_is_gone() -> None:
    book = leases()
    book.renew(pulsing(), until_s=11.0)
    heard = [book.wanted(now_s, OFF)["siren"] for now_s in (10.3, 11.2, 11.3, 12.2, 12.3, 500.3, 501.3)]
    assert heard == [True, True, False, False, True, True, False]
    assert book.loud()["siren"], "the last word is without a break: nobody silences it"


def test_from_stop_work_to_leave_and_back_no_gap_is_left() -> None:
    book = leases()
    book.renew(pulsing(), until_s=99.0)
    assert book.wanted(10.0, OFF)["siren"]
    book.trip(want(power=False, siren=True))
    assert book.wanted(11.5, OFF)["siren"]
    book.trip(pulsing())
    assert [book.wanted(now_s, OFF)["siren"] for now_s in (20.0, 21.5)] == [True, False]
    book.renew(pulsing(on=False), until_s=99.0)
    assert not book.wanted(22.0, OFF)["siren"]
