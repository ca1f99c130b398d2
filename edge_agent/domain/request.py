"""What people ask of the box. Asking is free; the brain decides and answers in words."""

from enum import StrEnum

from msgspec import Struct

from edge_agent.domain.commissioning import Act
from edge_agent.domain.device_test import DeviceTest
from edge_agent.domain.drill import Drill
from edge_agent.domain.permit import Sample
from edge_agent.domain.person import PersonChange, Proof
from edge_agent.domain.rectification import Photo
from edge_agent.domain.report import Report
from edge_agent.domain.settings_change import SettingsChange
from edge_agent.domain.ticket import DraftTicket
from edge_agent.domain.token import TokenWish
from edge_agent.domain.words import Words


class Ask(StrEnum):
    """What a request asks for."""

    CHECK_IN = "check_in"
    CHECK_OUT = "check_out"  # the guard leaves; without a relief that is absence
    START = "start"
    STOP = "stop"
    RETEST = "retest"
    RESUME = "resume"
    END_WORK = "end_work"
    CLOSE = "close"
    REVOKE = "revoke"
    ACKNOWLEDGE = "acknowledge"
    HERE = "here"  # the guard at the point presses "I'm here"
    ENTER = "enter"  # somebody goes in, counted by the guard
    LEAVE = "leave"
    CONTACT = "contact"  # somebody inside answered the guard's call
    WEAR = "wear"  # somebody of the permit (`about`) puts another wearable on
    CONFIRM = "confirm"  # somebody looked: a manual measure is in place
    ACCEPT_CHANGE = "accept_change"  # the guard has read what changed; `about` names the version
    OVERRIDE = "override"
    SHELVE = "shelve"
    HANDOVER = "handover"
    REPORT = "report"  # anybody reports something wrong
    DRILL = "drill"
    END_DRILL = "end_drill"
    TICKET = "ticket"  # somebody draws up a ticket on the box, or more time for one; concerns no open permit
    APPROVE = "approve"  # one of those who must sign a ticket of the box does; `about` may name the capacity
    PICTURE = "picture"  # what a camera shows now, "after" something; `about` names camera and event; no permit
    FILM = "film"  # somebody exports a film, or marks it; `about` names it and what is done; concerns no permit
    PERSON = "person"  # an administrator adds or changes somebody; concerns no permit
    RECTIFY = "rectify"  # somebody puts right what an event has shown; `about` names it and the step; no permit
    VERIFY = "verify"  # somebody else looked at it; `about` names it, and yes or no; concerns no permit
    JUDGE = "judge"  # whether a pause was right; `about` names its event and the verdict; concerns no open permit
    TRY = "try"  # a technician lets sirens and lamps go on for a moment; `about` names them; concerns no permit
    SEEN = "seen"  # a technician saw or heard an output go on that no contact reads back; `about`; no permit
    COMMISSION = "commission"  # a technician commissions the box, step by step; concerns no permit
    DEVICE_TEST = "device_test"  # a tester bump-tests a detector, or enters its certificate; concerns no permit
    SETTINGS = "settings"  # a technician gives a file of the settings another text; concerns no permit
    WALK = "walk"  # a technician walks before a camera; `about`: which, and "begin" or "drop"; concerns no permit
    LOOK = "look"  # a technician looks at a device before it is entered; `about`: what, and where; no permit
    LET_READ = "let_read"  # an administrator lets a program read for a time; concerns no permit
    END_READING = "end_reading"  # ... and no more; `about`: the token, and what it is for; concerns no permit


class Presence(StrEnum):
    """What showed that a guard stands at his post: when he checks in, and when he says that he is there."""

    TAG = "tag"  # his wearable, near the point
    CODE = "code"  # he read the code on the box's own screen
    BADGE = "badge"  # he held his badge to the box's own screen
    CO_SIGNED = "co_signed"  # somebody entitled stood beside him and said so


class Request(Struct, frozen=True, kw_only=True, tag="request", omit_defaults=True):
    """A named person asks for something. `proof` was checked by the agent before it got here."""

    id: str
    at_s: float
    ask: Ask
    person: str
    proof: Proof
    permit: str = ""
    alarm: str = ""
    samples: tuple[Sample, ...] = ()
    people_inside: int | None = None
    about: tuple[str, ...] = ()  # persons (enter, leave, contact), a measure, a checklist's items
    tools: int | None = None  # tools carried in or out
    rule: str = ""  # what an override lets be
    wearable: str = ""  # the device that somebody puts on
    for_s: float | None = None  # how long an override or a shelved alarm lasts
    drill: Drill | None = None
    presence: Presence | None = None  # what the desk itself has seen of it
    record: PersonChange | None = None  # whom to add or change, and how
    report: Report | None = None
    photo: Photo | None = None  # that was taken with it, and is kept
    ticket: DraftTicket | None = None
    settings: SettingsChange | None = None
    commission: Act | None = None
    test: DeviceTest | None = None
    token: TokenWish | None = None
    reason: str = ""


class Answer(Struct, frozen=True, kw_only=True):
    """What the brain answers to one request: yes, or no with every reason in words."""

    request: str
    accepted: bool
    reasons: tuple[Words, ...] = ()
