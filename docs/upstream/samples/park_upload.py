"""Uploads special-work tickets and alarms to a park's platform, from what units send. Python 3.11, nothing else.

mosquitto_sub -h BROKER -i park -c -q 1 -t 'edge/+/+/up/permit/#' -t 'edge/+/+/up/event' -F %J |
    python park_upload.py --company CODE --to https://park.example/api --worst 1
        [--people people.json] [--ca PEM] [--demo]

An example to change: every park has names of its own, so that all of them stand in `ticket` and `alarm` below
(docs/upstream/regulator.md says where each comes from, and which source is only secondary). `people.json` is
{"wang-lei": "王磊", ...}: a unit tells ids. What is played, of a shadow or of a demo is never uploaded.
Each upload has an `id` that says what it is: the same one again is the same word.
"""

import argparse
import json
import ssl
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path

BEIJING = timezone(timedelta(hours=8))
TRIES, FIRST_WAIT_S = 8, 0.5  # doubled after each: a minute in all
# Kinds of GB 30871-2022 by the letters that many parks use (from memory: ask yours).
WORK = {
    "hot": ("DH", "动火"),
    "confined_space": ("SX", "受限空间"),
    "blind_plate": ("MB", "盲板抽堵"),
    "height": ("GC", "高处"),
    "lifting": ("DZ", "吊装"),
    "temporary_power": ("LS", "临时用电"),
    "excavation": ("DT", "动土"),
    "road_closure": ("DL", "断路"),
}
OVER = {"closed": "完工", "expired": "超期", "revoked": "收回"}
STATUS = {
    "received": "待作业",
    "ready": "待作业",
    "active": "作业中",
    "paused": "暂停",
    "suspended": "中止",
    "resume_check": "恢复检查",
    "fire_watch": "作业结束，现场监护",
    **OVER,
}
TESTS = ("edge_agent.permit.retested.v1",)
ALARMS = ("edge_agent.alarm.raised.v1", "edge_agent.alarm.returned.v1")


def local(moment):
    """RFC 3339 or seconds since 1970 as parks write times; None stays None."""
    if moment is None:
        return None
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else datetime.fromtimestamp(moment, BEIJING)
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


class Work:
    """What is known of one ticket: its last state, where it is, what was measured."""

    def __init__(self):
        self.place, self.samples, self.uploaded = {}, [], None


class Park:
    """From messages to uploads."""

    def __init__(self, company, people, *, demo, worst):
        self.company, self.people, self.demo, self.worst = company, people, demo, worst
        self.works, self.newest = {}, {}

    def name(self, person):
        """A person's name, or the id where nobody told it."""
        return self.people.get(person, person)

    def hear(self, topic, payload):
        """The uploads that one message asks for: where, and what."""
        if payload.get("demo") and not self.demo:
            return
        if "/up/permit/" in topic:
            if payload and not payload["shadow"]:
                yield from self.permit(payload)
        elif topic.endswith("/up/event"):
            source, seq = payload["source"], payload["seq"]
            seen = self.newest.setdefault(source, set())  # a real consumer keeps (source, seq) in a database
            if seq not in seen:
                seen.add(seq)
                yield from self.event(payload)

    def permit(self, state):
        """A ticket, whenever its state or its version changed."""
        work = self.works.setdefault((state["source"], state["id"]), Work())
        told = (state["version"], state["state"], state["since"])
        if told != work.uploaded:
            work.uploaded = told
            yield "ticket", self.ticket(state, work)

    def event(self, event):
        """Where the work is and what was measured is kept for its ticket; an alarm is uploaded."""
        data, type_ = event["data"], event["type"]
        context = data.get("context", {})
        work = self.works.setdefault((event["source"], event["subject"]), Work())
        if context.get("place", {}).get("by") == "work_point":
            work.place = context["place"]
        if type_ in TESTS:
            work.samples = data["retest"]["samples"]
            work.tester, work.qualified = data["retest"]["tester"], data["retest"]["passed"]
        if type_ in ALARMS and not data.get("drill"):
            yield "alarm", self.alarm(event, data, context)

    def ticket(self, state, work):
        """One special-work ticket as a park wants it."""
        code, words = WORK.get(state["type"], ("QT", state["type"]))
        over = state["state"] in OVER
        return {
            "id": f"{state['source']}/{state['id']}/{state['version']}/{state['state']}/{state['since']}",
            "companyCode": self.company,
            "ticketNo": state["id"],
            "relatedTicketNos": state["linked"],
            "ticketType": code,
            "ticketTypeName": words,
            "ticketLevel": state["level"],
            "workContent": (state["content"] or {}).get("zh"),
            "workUnit": state["contractor"] or state["team"],
            "riskIdentification": state["risk"],
            "jsaNo": state["jsa"],
            "planStartTime": local(state["valid_from"]),
            "planEndTime": local(state["valid_to"]),
            "realStartTime": local(state["started"]),
            "realEndTime": local(state["since"]) if over else None,
            "status": STATUS[state["state"]],
            "area": state["area"],
            "coordinateSystem": "CGCS2000",
            "longitude": work.place.get("lon"),
            "latitude": work.place.get("lat"),
            "director": self.name(state["holder"]),
            "guardian": self.name(state["guard"] or state["guards"][0]),
            "workers": [self.name(one) for one in state["workers"]],
            "gasAnalyses": [
                {
                    "place": one["place"],
                    "gas": one["gas"],
                    "value": one["level"],
                    "unit": one["unit"],
                    "analyst": self.name(work.tester),
                    "time": local(one["at_utc"]),
                    "qualified": work.qualified,
                }
                for one in work.samples
            ],
            "measures": [
                {
                    "content": one["words"]["zh"],
                    "confirmer": self.name(one["confirmed_by"]),
                    "time": local(one["confirmed"]),
                }
                for one in state["measures"]
            ],
            "approvals": [
                {"role": one["role"], "person": self.name(one["person"]), "time": local(one["at"])}
                for one in state["approvals"]
            ],
        }

    def code(self, mapped):
        """TT-SS-L: a unit's L is 1 for critical, 4 for low; some parks count the other way (regulator.md)."""
        scheme, _, level = mapped.rpartition("-")
        return f"{scheme}-{level if self.worst == 1 else 5 - int(level)}"

    def alarm(self, event, data, context):
        """One alarm, raised or over."""
        place = context.get("place", {})
        return {
            "id": event["id"],
            "companyCode": self.company,
            "alarmCode": self.code(data["mapped_code"]),
            "alarmName": data["title"]["zh"],
            "content": data["detail"]["zh"],
            "state": "raised" if event["type"] == ALARMS[0] else "returned",
            "entity": context["entity"],
            "ticketNo": None if event["subject"] == "unit" else event["subject"],
            "device": context.get("device"),
            "video": [one["gb28181"] for one in context.get("cameras", [])],
            "coordinateSystem": "CGCS2000",
            "longitude": place.get("lon"),
            "latitude": place.get("lat"),
            "time": local(event["time"]),
            "timeTrusted": event["clocktrust"] == "trusted",
        }


def post(url, content, context):
    """Until the platform says that it has it. Raises after a minute of trying: then whoever started us knows."""
    request = urllib.request.Request(url, json.dumps(content, ensure_ascii=False).encode(), method="POST")
    request.add_header("content-type", "application/json; charset=utf-8")
    for tried in range(TRIES):
        try:
            with urllib.request.urlopen(request, timeout=20, context=context) as answer:
                answer.read()
                return
        except urllib.error.HTTPError as fault:
            if fault.code < 500 and fault.code not in (408, 429):
                raise  # it will never take it: somebody must look
            why = fault
        except OSError as fault:
            why = fault
        print(f"{url}: {why}; again", file=sys.stderr)
        time.sleep(FIRST_WAIT_S * 2**tried)
    raise why


def main():
    """Read messages, one JSON line each, and upload what they ask for."""
    parser = argparse.ArgumentParser(description="Uploads tickets and alarms to a park's platform.")
    parser.add_argument("--company", required=True, help="the enterprise's code at the park")
    parser.add_argument("--to", required=True, help="base address; /ticket and /alarm are added")
    parser.add_argument(
        "--worst", required=True, type=int, choices=(1, 4), help="your park's L of a critical alarm"
    )
    parser.add_argument("--people", type=Path, help="JSON: id of a person to name")
    parser.add_argument("--ca", help="CA of the platform (PEM); the machine's own otherwise")
    parser.add_argument("--demo", action="store_true", help="upload a demo's messages too: for trying this out")
    args = parser.parse_args()
    people = json.loads(args.people.read_text("utf-8")) if args.people else {}
    context = ssl.create_default_context(cafile=args.ca) if args.to.startswith("https") else None
    park = Park(args.company, people, demo=args.demo, worst=args.worst)
    for line in sys.stdin:
        message = json.loads(line)
        for where, content in park.hear(message["topic"], message["payload"]):
            post(f"{args.to}/{where}", content, context)


if __name__ == "__main__":
    main()
