"""Films beside a real brain: what is wanted when, what the records are told, and what a killed program left."""

import hashlib
import os
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from edge_agent.decide.state import Decision, Inputs
from edge_agent.domain.outcome import Alarm, AlarmState, Event
from edge_agent.domain.request import Ask
from edge_agent.domain.zone import PictureArea
from edge_agent.field.film import names
from edge_agent.field.film.parts import Codec, Head, Packet
from edge_agent.field.film.sealed import SALT_BYTES, name_of
from edge_agent.field.film.writer import FilmWriter
from edge_agent.ops.recordings.clips import MOST_S, Clips
from edge_agent.ops.recordings.concerned import cameras, stamp
from edge_agent.ops.recordings.keeper import Recordings
from edge_agent.ops.recordings.room import DAY_S, Room, going, needed
from edge_agent.sense.camera.filming.orders import FilmDesk, FilmDone, FilmLine, FilmOrder, Reel
from edge_agent.settings.site_cameras import RecordingTable
from tests.ops.test_beside_the_brain import Box
from tests.support.story import T0_UTC

KEY = bytes(range(32))
CODEC = Codec(name="h264", extradata=b"", width=320, height=240, time_base=(1, 90_000))


class Site:
    """The brain with its recordings; the test plays the camera's capture program."""

    def __init__(self, folder: Path) -> None:
        self.box = Box(folder)
        self.folder = folder / "films"
        self.desk = FilmDesk(FilmOrder(folder=str(self.folder), key=KEY, reserve_bytes=0))
        brain = self.box.brain
        self.recordings = Recordings(
            self.box.settings, self.box.clock, lambda: brain.state, brain.ask, brain.deliver, self.desk
        )
        beside = self.box.brain.beside

        def told(inputs: Inputs, decision: Decision) -> None:
            beside(inputs, decision)
            self.recordings.beside(decision)

        brain.beside = told

    def play(self) -> None:
        self.box.play()
        self.recordings.look()

    def run(self, seconds: float) -> None:
        self.box.story.run(seconds)
        self.play()

    def wanted(self) -> dict[str, Reel]:
        return {reel.key: reel for reel in self.desk.wanted("cam-1").reels}

    def films(self, reel: Reel, began_utc: float, *, whole: bool = True) -> tuple[Path, str]:
        """What the capture program would write; ended and told of, or cut off."""
        head = Head(
            kind=reel.kind, about=reel.about, stamp=reel.stamp, codec=CODEC, began_utc=began_utc,
            salt=os.urandom(SALT_BYTES), key=name_of(KEY),
        )  # fmt: skip
        path = names.path_of(self.folder, reel.stamp.permit, reel.stamp.camera, reel.kind, began_utc)
        writer = FilmWriter(path, head, KEY)
        writer.add((Packet(b"picture", 0, 0, True, 0.0),))
        if not whole:
            writer.give_up()
            return path, hashlib.sha256(path.read_bytes()).hexdigest()
        sha256 = writer.end()
        done = FilmDone(
            path=str(path), kind=reel.kind, about=reel.about, camera=reel.stamp.camera, permit=reel.stamp.permit,
            sha256=sha256, size=writer.size, began_utc=began_utc, ended_utc=began_utc + 9, clock_trusted=True,
        )  # fmt: skip
        self.desk.tell("cam-1", FilmLine(done=(done,)))
        return path, sha256

    def told(self, kind: str) -> list[Event]:
        found = [event for event in self.box.brain.newest if event.type == "evidence.kept"]
        return [event for event in found if event.data["kind"] == kind]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_a_job_that_must_be_seen_is_filmed_while_it_is_under_way(site: Site) -> None:
    site.play()
    assert site.wanted() == {}
    site.box.story.begin_work()
    site.play()
    whole = site.wanted()["permit/P-1"]
    assert whole.stamp.area == "tank-inside"
    assert (whole.stamp.permit, whole.stamp.point_m, whole.stamp.clock_trusted) == ("P-1", (6.5, 0.0), True)
    site.run(3)
    assert site.wanted()["permit/P-1"].from_s == whole.from_s
    site.box.story.ask(Ask.STOP, "wu-gang")
    site.run(2)
    assert "permit/P-1" in site.wanted()  # what happens while it stands still is part of it
    site.box.story.ask(Ask.REVOKE, "zhao-min", reason="over")
    site.run(3)
    assert "permit/P-1" not in site.wanted()


def test_a_job_that_nobody_asks_to_see_is_not(site: Site) -> None:
    site.box.story.begin_work(video_required=False)
    site.play()
    assert site.wanted() == {}


def test_the_records_know_a_clip_by_its_hash_and_its_event(site: Site) -> None:
    site.box.story.begin_work()
    site.play()
    site.box.story.field.gas["gas-h2s"] = {"level": 15.0}
    site.run(2)
    (clip,) = (reel for key, reel in site.wanted().items() if key.startswith("clip/"))
    paused = next(event for event in site.box.brain.newest if event.type == "permit.paused")
    assert clip.from_s <= paused.at_s - 9
    assert clip.until_s is not None
    assert clip.until_s >= paused.at_s + 20
    path, sha256 = site.films(clip, T0_UTC)
    site.recordings.look()
    assert path.exists()  # not before the records have it
    site.run(1)
    (told,) = site.told("clip")
    assert told.subject == "P-1"
    assert told.data["files"] == [
        {
            "name": str(path.with_suffix(".film").relative_to(site.folder)),
            "sha256": sha256,
            "size": path.with_suffix(".film").stat().st_size,
        }
    ]
    assert paused.seq in told.data["events"]
    assert (told.data["camera"], told.data["whole"], told.data["clock_trusted"]) == ("cam-1", True, True)
    assert not path.exists()


def test_a_film_that_was_cut_off_is_told_as_it_is_and_once(site: Site) -> None:
    site.box.story.begin_work()
    site.play()
    path, sha256 = site.films(site.wanted()["permit/P-1"], T0_UTC, whole=False)
    os.utime(path, (T0_UTC, T0_UTC))
    site.box.story.run(200)
    site.play()
    site.run(2)
    site.run(70)
    (told,) = site.told("permit")
    assert told.data["files"][0]["sha256"] == sha256
    assert told.data["whole"] is False
    assert path.with_suffix(".film").exists()


def test_a_film_that_is_being_written_is_left_alone(site: Site) -> None:
    site.box.story.begin_work()
    site.play()
    path, _ = site.films(site.wanted()["permit/P-1"], T0_UTC, whole=False)
    os.utime(path, (T0_UTC, T0_UTC))
    site.desk.tell("cam-1", FilmLine(open=(str(path),)))
    site.box.story.run(200)
    site.play()
    site.run(2)
    assert site.told("permit") == []
    assert path.exists()


def test_a_camera_that_shows_the_area_sees_an_event_that_no_ticket_binds_it_to(site: Site) -> None:
    settings = site.box.settings
    shows = PictureArea(id="a", area="tank-mouth", corners=((0, 0), (1, 0), (1, 1)))
    seen = replace(settings.site.cameras["cam-1"], areas=(shows,))
    settings = replace(settings, site=replace(settings.site, cameras={"cam-1": seen}))
    site.run(1)
    event = replace(site.box.brain.newest[0], data={"area": "tank-mouth"})
    assert cameras(event, None, settings) == ("cam-1",)
    assert cameras(replace(event, data={"area": "elsewhere"}), None, settings) == ()


def test_events_in_a_row_share_a_clip_and_none_grows_for_ever(site: Site) -> None:
    clips = Clips()
    of_it = stamp(site.box.settings, "cam-1", "", None, site.box.clock.instant())
    for seq in range(40):
        clips.add(seq, 1000.0 + 5 * seq, [of_it])
    found = list(clips.wanted(1000.0))
    assert [event for clip in found for event in clip.events] == list(range(40))
    assert all(clip.until_s - clip.from_s <= MOST_S for clip in found)
    assert all(one.until_s <= after.from_s for one, after in pairwise(found))
    assert found[0].from_s == 990.0
    assert found[-1].until_s == 1000.0 + 5 * 39 + 20
    assert list(clips.wanted(found[-1].until_s + 31)) == []


def known(folder: Path, kind: str, days_ago: float, size: int, permit: str = "P-1") -> Path:
    path = names.path_of(folder, permit, "cam-1", kind, T0_UTC - days_ago * DAY_S).with_suffix(names.KNOWN)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    return path


ROOM = Room(days=30, most={"permit": 1000, "clip": 300})


def gone(folder: Path, *, clock_trusted: bool = True) -> tuple[list[Path], str]:
    found = going(names.films(folder), ROOM, T0_UTC, clock_trusted=clock_trusted)
    return [film.path for film in found.films], found.early.en


def test_films_go_when_their_time_is_over_and_only_by_a_clock_that_is_trusted(tmp_path: Path) -> None:
    old, young = known(tmp_path, "permit", 30.1, 10), known(tmp_path, "permit", 29.9, 10)
    assert gone(tmp_path) == ([old], "")
    assert gone(tmp_path, clock_trusted=False) == ([], "")
    assert young.exists()


def test_a_full_quota_takes_the_oldest_of_its_own_kind_and_says_so(tmp_path: Path) -> None:
    films = [known(tmp_path, "permit", days, 400) for days in (9, 6, 3)]
    clip = known(tmp_path, "clip", 20, 300)
    assert gone(tmp_path) == ([films[0]], "the quota is full: films last 9.0 days instead of 30")
    assert clip.exists()


def test_what_is_marked_or_not_yet_known_stays(tmp_path: Path) -> None:
    marked, part = known(tmp_path, "permit", 99, 5000), known(tmp_path, "permit", 98, 5000)
    names.keep_file(marked).write_text("{}")
    part.rename(part.with_suffix(".part"))
    assert gone(tmp_path) == ([], "")


def test_the_worker_makes_room_and_the_alarm_says_what_it_cost(site: Site) -> None:
    site.box.story.begin_work()
    path = known(site.folder, "permit", 2, 2000)
    site.recordings._room = ROOM
    site.box.story.run(100)
    site.play()
    site.run(2)
    assert not path.exists()
    assert not path.parent.exists()
    alarm = next(event for event in site.box.brain.newest if event.data.get("rule") == "films_go_early")
    assert alarm.data["detail"]["en"] == "the quota is full: films last 2.0 days instead of 30"


def test_what_the_disk_must_hold_is_reckoned_beforehand() -> None:
    said = needed(RecordingTable(key_file="k", mbps=4, hours_a_day=8, quota_gb=100), 2, 30)
    assert "need 864 GB" in said.en  # 2 x 0.5 MB/s x 28,800 s x 30
    assert "holds 3.5 days" in said.en
    assert "too little" in said.en
    assert "too little" not in needed(RecordingTable(key_file="k", quota_gb=900), 2, 30).en


def chlorine(site: Site) -> Alarm:
    """An alarm of response level 2, as the rules make it where a detector of chlorine stands."""
    site.box.story.field.gas["gas-h2s"] = {"level": 15.0}
    site.run(2)
    alarm = next(one for one in site.box.brain.state.alarms.values() if one.state is AlarmState.UNACK_ACTIVE)
    facts = {"area": "tank-inside", "cameras": ["cam-1"]}
    finding = replace(alarm.verdict.finding, facts=facts)
    return replace(alarm, verdict=replace(alarm.verdict, key="gas_level_2||gas-cl2", finding=finding))


def test_a_camera_that_an_alarm_locks_is_filmed_until_it_is_over_and_all_of_that_stays(site: Site) -> None:
    site.box.story.begin_work(video_required=False)
    site.play()
    before, old = known(site.folder, "clip", 200 / DAY_S, 500), known(site.folder, "clip", 2, 500)
    for path, ago_s in ((before, 100), (old, 2 * DAY_S)):
        os.utime(path, (T0_UTC - ago_s, T0_UTC - ago_s))
    alarm = chlorine(site)
    brain = site.box.brain
    brain.state = replace(brain.state, alarms={**brain.state.alarms, alarm.verdict.key: alarm})
    site.recordings.look()
    reel = site.wanted()["clip/gas_level_2||gas-cl2 cam-1"]
    assert (reel.until_s, reel.stamp.area) == (None, "tank-inside")
    site.recordings._room = Room(days=30, most={"permit": 0, "clip": 0})
    site.recordings._tidied_s = float("-inf")
    site.recordings.look()
    assert before.exists()
    assert names.keep_file(before).exists()
    assert not old.exists()
    brain.state = replace(brain.state, alarms={})
    site.recordings.look()
    assert "clip/gas_level_2||gas-cl2 cam-1" not in site.wanted()


def test_what_an_alarm_locked_is_marked_although_the_agent_ended_first(site: Site) -> None:
    site.box.story.begin_work(video_required=False)
    site.play()
    alarm = chlorine(site)
    brain = site.box.brain
    brain.state = replace(brain.state, alarms={**brain.state.alarms, alarm.verdict.key: alarm})
    site.recordings.look()
    late = known(site.folder, "clip", 0, 500)  # told of after the last look at the films
    now_utc = site.box.clock.instant().utc
    os.utime(late, (now_utc, now_utc))
    brain.state = replace(brain.state, alarms={})
    assert not names.keep_file(late).exists()
    again = Recordings(site.box.settings, site.box.clock, lambda: brain.state, brain.ask, brain.deliver, site.desk)
    again.look()
    assert msgspec.json.decode(names.keep_file(late).read_bytes())["reason"] == alarm.verdict.key
    site.box.clock.now_s += 2 * 3600
    again._tidied_s = float("-inf")
    again.look()
    names.keep_file(late).unlink()  # somebody lets it go: it is over, and nothing locks it any more
    again._tidied_s = float("-inf")
    again.look()
    assert not names.keep_file(late).exists()


def test_an_after_picture_is_of_the_same_camera_and_stands_beside_its_event(site: Site) -> None:
    (site.box.folder / "cam-1.jpg").write_bytes(b"as it is now")
    site.run(1)
    for about, accepted in ((("cam-1", "1"), True), (("cam-9",), False), (("cam-1", "x"), False), ((), False)):
        site.box.story.ask(Ask.PICTURE, "zhao-min", permit="", about=about)
        site.run(2)
        assert site.box.story.decisions[-2].answers[0].accepted is accepted
    asked = next(event for event in site.box.brain.newest if event.type == "picture.asked")
    assert (asked.data["source"], asked.data["after"], asked.data["by"]) == ("cam-1", 1, "zhao-min")
    (kept,) = (event for event in site.told("still") if asked.seq in event.data["events"])
    assert kept.data["events"] == [asked.seq, 1]
    assert kept.data["files"][0]["sha256"] == hashlib.sha256(b"as it is now").hexdigest()
    assert (site.box.folder / "evidence" / kept.data["files"][0]["name"]).read_bytes() == b"as it is now"
