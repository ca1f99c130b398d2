"""A flood of log-ins takes nothing from what guards: no gas source goes stale, and none falls silent."""

import threading

from edge_agent.domain.observation import Quality
from edge_agent.ops.demo.job import PINS
from tests.support.desk_site import Browser
from tests.system.site import Site

AT_ONCE, LOG_INS = 8, 40
UNHEARD = {Quality.STALE, Quality.MISSING}


def test_a_flood_of_log_ins_makes_no_gas_source_stale(site: Site) -> None:
    done: list[str] = []
    seen: dict[str, set[str]] = {channel.id: set() for channel in site.stage.live().gas}

    def logs_in() -> None:
        while len(done) < LOG_INS:
            answer = Browser().log_in(site, person="li-na", pin=PINS["li-na"])
            assert answer["accepted"], answer
            done.append(answer["key"])
            for channel in site.stage.live().gas:
                seen[channel.id].add(channel.quality)

    people = [threading.Thread(target=logs_in) for _ in range(AT_ONCE)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert len(set(done)) >= LOG_INS
    assert {id_: qualities for id_, qualities in seen.items() if not qualities or qualities & UNHEARD} == {}
