"""A yard with a work post for each of several kinds of work: devices, people, tickets; limits of the real book."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from edge_agent.domain.device import DeviceRecord, DeviceStatus
from edge_agent.domain.permit import Sample
from edge_agent.domain.person import Certificate, Person, Role
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.ticket import Approval, Point, Ticket
from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import UNKNOWN_WORK
from edge_agent.domain.zone import Area
from edge_agent.settings.devices import derived
from edge_agent.settings.hours import local_time
from edge_agent.settings.site import Settings, Site

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "zones" / "rulebooks" / "gb30871-2022.toml"
DAY_UTC = 1_794_960_000.0  # Wednesday 2026-11-18, 08:00 in China
DAY_S = 86400.0
APART_M = 300.0  # no work here is near another
GAS = {  # clean air, unit, resolution
    "ch4": (0.0, "%LEL", 1.0),
    "o2": (20.9, "%vol", 0.1),
    "h2s": (0.0, "ppm", 0.1),
    "co": (1.0, "ppm", 1.0),
    "cl2": (0.0, "ppm", 0.1),
}
PICTURE = [[0, 0], [1, 0], [1, 1], [0, 1]]
STATION = "weather-1"
GASES = {"confined_space": ("ch4", "o2", "h2s", "co"), "hot": ("ch4",), "blind_plate": ("cl2",)}
BESIDE = {"confined_space": "h2s", "blind_plate": "cl2"}  # what the plant's own detector there measures
SHIFTS = (("night", "18:00"), ("early", "02:00"), ("late", "10:00"))
SHIFT_CHANGE_UTC = DAY_UTC + 2 * 3600.0  # 10:00
NIGHT_UTC = DAY_UTC + 10 * 3600.0  # 18:00: from then on the rules of the higher kind hold
MIDNIGHT_UTC = DAY_UTC + 16 * 3600.0
PEER = "box-2"  # another box of the same yard
OFFICE = {
    "tester-1": Role.TESTER,
    "safety-1": Role.SAFETY_OFFICER,
    "lead-1": Role.SHIFT_LEAD,
    "owner-1": Role.AREA_OWNER,
}


class Post(Struct, frozen=True, kw_only=True):
    """One place of work and everybody and everything that belongs to it."""

    name: str  # "p0"
    kind: str  # as the rulebook names it: "hot.1"
    x_m: float
    wristband: bool  # guards wear the slower tag
    alone: bool = False  # one worker only
    channels: int = 0  # how many detectors stand here; 0: one for each gas

    @property
    def point(self) -> Point:
        """Where the guard stands."""
        return Point(self.x_m, 0.0, 0.0)

    @property
    def lifts(self) -> bool:
        """Whether loads hang here."""
        return self.kind.startswith("lifting")

    @property
    def gases(self) -> tuple[str, ...]:
        """What is watched here."""
        return GASES.get(self.kind.split(".")[0], ())

    @property
    def guards(self) -> tuple[str, str]:
        """The guard and his relief."""
        return f"guard-{self.name}", f"relief-{self.name}"

    @property
    def workers(self) -> tuple[str, ...]:
        """Who works."""
        return tuple(f"worker-{self.name}-{at}" for at in range(1, 2 if self.alone else 3))

    @property
    def visitor(self) -> str:
        """Somebody of the site who has no business here."""
        return f"visitor-{self.name}"

    @property
    def holder(self) -> str:
        """Who answers for the work."""
        return f"holder-{self.name}"

    @property
    def relay(self) -> str:
        """What cuts its power."""
        return f"relay-{self.name}"

    @property
    def camera(self) -> str:
        """What looks at it."""
        return f"cam-{self.name}"

    @property
    def gauge(self) -> str:
        """What measures the level of the pit here."""
        return f"pit-{self.name}"

    def detector(self, gas: str) -> str:
        """The device that measures this gas here."""
        return f"gas-{self.name}-{gas}"

    @property
    def beside(self) -> dict[str, str]:
        """The plant's own detector at the same place, and its gas: no ticket binds it."""
        gas = None if self.channels else BESIDE.get(self.kind)
        return {} if gas is None else {f"plant-{self.name}-{gas}": gas}

    @property
    def detectors(self) -> dict[str, str]:
        """Every detector here, and its gas; from the second round on they are numbered."""
        rounds = -(-self.channels // len(self.gases)) if self.gases else 0
        more = {f"{self.detector(gas)}-{at}": gas for at in range(1, rounds) for gas in self.gases}
        every = {self.detector(gas): gas for gas in self.gases} | more
        return dict(list(every.items())[: self.channels or len(every)])


def book() -> Rulebook:
    """The default rulebook."""
    return msgspec.convert(tomllib.loads(BOOK.read_text(encoding="utf-8")), Rulebook)


def posts(kinds: tuple[str, ...]) -> tuple[Post, ...]:
    """One post for each of the kinds, far from each other."""
    return tuple(
        Post(name=f"p{at}", kind=kind, x_m=at * APART_M, wristband=at % 2 == 1) for at, kind in enumerate(kinds)
    )


NOBODYS_KEY = (
    "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"  # RFC 8032, 7.1: what peers say comes in without a broker
)


def settings(here: tuple[Post, ...], rules: Rulebook, peers: tuple[str, ...] = ()) -> Settings:
    """The yard as the box knows it; `peers` are the other boxes that it listens to."""
    told = {"peers": [{"unit": peer, "name": _named(peer), "ed25519": NOBODYS_KEY} for peer in peers]}
    site = msgspec.convert(_site(here, rules) | told, Site)
    return Settings(
        folder=ROOT,
        site=site,
        areas=(*(area for post in here for area in _areas(post)), _yard(here)),
        persons=(
            *(_person(id_, role, rules) for id_, role in OFFICE.items()),
            *(person for post in here for person in _crew(post, rules)),
        ),
        rulebook=rules,
        devices=derived(site, rules),
        records=tuple(
            DeviceRecord(
                id=device.id,
                status=DeviceStatus.IN_SERVICE,
                calibration_due_utc=DAY_UTC + 300 * DAY_S,
                bump_tested_utc=DAY_UTC - 1800,
                self_test_ok=True,
            )
            for device in derived(site, rules)
        ),
        local_time=local_time(site),
        digest="",
    )


def _named(words: str) -> dict[str, str]:
    return {"zh": words, "en": words}


def _site(here: tuple[Post, ...], rules: Rulebook) -> dict[str, Any]:
    broker = {"host": "127.0.0.1", "port": 1}
    return {
        "schema": 1,
        "site": {
            "id": "yard",
            "unit": "box",
            "name": _named("yard"),
            "rulebook": rules.name,
            "origin_lat": 30.0,
            "origin_lon": 120.0,
        },
        "downlink": {"keys": []},
        "uplink": broker,
        "field_broker": broker,
        "buses": {"bus": {"kind": "modbus_tcp", "host": "127.0.0.1"}},
        "gas": {
            id_: {
                "name": _named(id_),
                "bus": "bus",
                "unit_id": 1,
                "profile": "any",
                "gas": gas,
                "area": f"area-{post.name}",
            }
            for post in here
            for id_, gas in (*post.detectors.items(), *post.beside.items())
        },
        "shifts": [{"id": id_, "name": _named(id_), "begins": begins} for id_, begins in SHIFTS],
        "relays": {post.relay: _relay(post) for post in here},
        "wearables": {
            f"tag-{person}": {
                "name": _named(f"tag-{person}"),
                "profile": "omlox-hub",
                "provider_id": person,
                "period_s": 10.0 if person in post.workers else 5.0 if post.wristband else 1.0,
            }
            for post in here
            for person in (*post.guards, *post.workers, post.visitor)
        },
        "cameras": {
            post.camera: {
                "name": _named(post.camera),
                "url": "rtsp://127.0.0.1/x",
                "model": "any",
                "fps": 1.0,
                "areas": _picture_areas(post),
            }
            for post in here
        },
        "gauges": {post.gauge: _gauge(post) for post in here},
        "weather": {
            STATION: {"name": _named("wind"), "bus": "bus", "unit_id": 9, "profile": "any", "poll_s": 2.0}
        },
    }


def _picture_areas(post: Post) -> list[dict[str, Any]]:
    """The guard's post; where loads are lifted, anybody who is seen in the swing stops the work at once."""
    found = [{"id": "post", "area": f"post-{post.name}", "corners": PICTURE, "post": True}]
    if post.lifts:
        found += [{"id": "swing", "area": f"swing-{post.name}", "corners": PICTURE, "stop_on_entry": True}]
    return found


def _gauge(post: Post) -> dict[str, Any]:
    return {
        "name": _named(post.gauge),
        "bus": "bus",
        "unit_id": 8,
        "profile": "any",
        "measures": "level",
        "area": f"area-{post.name}",
        "poll_s": 2.0,
        "limits": {"high_high": {"value": 3.0, "unit": "m", "clause": "the pit's brim"}},
    }


def _relay(post: Post) -> dict[str, Any]:
    return {
        "name": _named(post.relay),
        "host": "127.0.0.1",
        "profile": "any",
        "outputs": {
            "permissive": {"coil": 0, "does": "permissive"},
            "siren": {"coil": 1, "does": "siren"},
            "beacon": {"coil": 2, "does": "beacon"},
        },
        "contacts": {
            "feedback": {"input": 0, "kind": "feedback", "of": "permissive"},
            "stop-button": {"input": 1, "kind": "stop_button"},
            "clamp": {"input": 2, "kind": "earth_clamp"},
            "mains": {"input": 3, "kind": "mains"},
            "door": {"input": 4, "kind": "interlock"},
            "curtain": {"input": 5, "kind": "light_curtain"},
            "sump": {"input": 6, "kind": "flood"},
            "siren-line": {"input": 7, "kind": "siren_line"},
            "siren-sounds": {"input": 8, "kind": "feedback", "of": "siren"},
        },
    }


def _areas(post: Post) -> tuple[Area, ...]:
    """The place of the work (a tank, say), the guard's post outside its mouth, and where a load would swing."""
    x_m = post.x_m
    place = ((x_m - 12.0, -4.0), (x_m - 4.0, -4.0), (x_m - 4.0, 4.0), (x_m - 12.0, 4.0))
    outside = ((x_m - 2.0, -14.0), (x_m + 14.0, -14.0), (x_m + 14.0, 14.0), (x_m - 2.0, 14.0))
    swing = ((x_m - 12.0, 6.0), (x_m - 4.0, 6.0), (x_m - 4.0, 10.0), (x_m - 12.0, 10.0))
    named = {"area": place, "post": outside} | ({"swing": swing} if post.lifts else {})
    return tuple(
        Area(id=f"{what}-{post.name}", name=Words(post.name, post.name), corners=corners)
        for what, corners in named.items()
    )


def _yard(here: tuple[Post, ...]) -> Area:
    """Everything between the posts belongs to the site."""
    left, right = -150.0, here[-1].x_m + 150.0
    corners = ((left, -150.0), (right, -150.0), (right, 150.0), (left, 150.0))
    return Area(id="yard", name=Words("场地", "yard"), corners=corners)


def _crew(post: Post, rules: Rulebook) -> list[Person]:
    roles = {post.holder: Role.HOLDER, **dict.fromkeys(post.guards, Role.GUARD)}
    roles |= dict.fromkeys((*post.workers, post.visitor), Role.WORKER)
    return [_person(id_, role, rules) for id_, role in roles.items()]


def _person(id_: str, role: Role, rules: Rulebook) -> Person:
    """Trained, certified for everything that the book knows, and at this morning's class."""
    asked = [scope for work in rules.works.values() for scope in (*work.certificates, *work.guard_certificates)]
    scopes = tuple(dict.fromkeys((*asked, *rules.people.tester_certificates)))
    return Person(
        id=id_,
        name=id_,
        roles=(role,),
        tag=f"tag-{id_}" if role in {Role.GUARD, Role.WORKER} else None,
        certificates=(Certificate(number=f"T-{id_}", scopes=scopes, valid_to_utc=DAY_UTC + 400 * DAY_S),),
        training_ok_until_utc=DAY_UTC + 200 * DAY_S,
        daily_class_utc=DAY_UTC - 1800,
    )


def signs(role: str) -> str:
    """Who signs as this role: one of the site's own list, or somebody for whom the centre vouches."""
    return next((id_ for id_, own in OFFICE.items() if own.value == role), f"signs-as-{role}")


def ticket(post: Post, rules: Rulebook, from_utc: float, to_utc: float, number: str) -> Ticket:
    """A complete ticket for the work of this post: whatever the rulebook asks of its kind."""
    work = rules.works.get(post.kind, UNKNOWN_WORK)
    type_, _, level = post.kind.partition(".")
    return Ticket(
        id=number,
        version=1,
        type=type_,
        level=level,
        area=f"area-{post.name}",
        point=post.point,
        valid_from_utc=from_utc,
        valid_to_utc=to_utc,
        holder=post.holder,
        guards=post.guards,
        workers=post.workers,
        approvals=tuple(Approval(role=role, person=signs(role), at_utc=from_utc - 600) for role in work.approvals),
        devices=(*post.detectors, post.relay, post.camera, post.gauge),
        video_required=work.video,
        outdoor=work.wind_stop_mps is not None,
        jsa="JSA-1",
        content=Words("例行作业", "routine work"),
    )


def samples(now_utc: float) -> tuple[Sample, ...]:
    """Clean air, taken by hand at three heights."""
    return tuple(
        Sample(gas=gas, level=level, unit=unit, place=place, at_utc=now_utc)
        for gas, (level, unit, _) in GAS.items()
        for place in ("upper", "middle", "lower")
    )
