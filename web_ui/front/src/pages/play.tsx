/** An incident played again from the recorded inputs: what was measured, decided and done, moment by moment. */
import "../styles/board.css";
import "../styles/event.css";
import "../styles/play.css";
import { useEffect, useState } from "preact/hooks";
import { call } from "../api/client.ts";
import { playAgain, useCalculation } from "../api/incident.ts";
import { session } from "../api/session.ts";
import type { EventPage } from "../api/shapes/event.ts";
import type { Incident, Minutes } from "../api/shapes/incident.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { BundlePart } from "../play/bundle.tsx";
import { Player } from "../play/player.tsx";
import { readsOnly } from "../play/reviews.ts";
import { WhatIfPart } from "../play/whatif.tsx";
import { Link, type Params } from "../router.tsx";
import { useStore } from "../store.ts";
import { dateAndClock, span } from "../words/times.ts";
import { said, t, term } from "../words/words.ts";

const BEFORE_S = 600;
const AFTER_S = 300;
const LENGTHS_S = [300, 900, 1800]; // of which a third lies behind the event

export function Play({ params }: { params: Params }) {
  const seq = params.seq ?? "";
  const looks = readsOnly(useStore(session)?.who?.roles ?? []);
  const [found, setFound] = useState<EventPage | null>(null);
  const [areas, setAreas] = useState<PlanArea[]>([]);
  const [failed, setFailed] = useState<unknown>(null);
  const [length_s, setLength] = useState(BEFORE_S + AFTER_S);
  const { told, failed: refused, take } = useCalculation();
  useEffect(() => {
    call<EventPage>("GET", `/events/${encodeURIComponent(seq)}`).then(setFound, setFailed);
    call<{ areas: PlanArea[] }>("GET", "/plan").then(
      (plan) => setAreas(plan.areas),
      () => setAreas([]), // without a plan the places stand on white
    );
  }, [seq]);
  const at_utc = found?.event.at_utc ?? null;
  useEffect(() => {
    if (at_utc !== null) take(playAgain(around(at_utc, length_s)));
  }, [at_utc, length_s, take]);
  if (failed !== null) return <FaultCard thrown={failed} />;
  if (!found) return <Waiting what={t("event.comes")} />;
  const { event } = found;
  const incident = told?.incident ?? null;
  return (
    <article class="board event play">
      <header class="group head">
        <div>
          <h1>{t("play.title")}</h1>
          <p class="what">
            <b>{term("event_type", event.type)}</b> · {dateAndClock(event.at_utc)}
          </p>
          <Link class="button" to={`/events/${event.seq}`}>
            {t("event.number", { seq: event.seq })}
          </Link>
        </div>
        <fieldset class="lengths">
          <legend>{t("play.length")}</legend>
          {LENGTHS_S.map((one) => (
            <button
              type="button"
              class="button"
              key={one}
              aria-pressed={one === length_s}
              onClick={() => setLength(one)}
            >
              {span(one)}
            </button>
          ))}
        </fieldset>
      </header>
      {!looks && <BundlePart about={String(event.seq)} />}
      {refused !== null && <FaultCard thrown={refused} />}
      {told?.running && <Waiting what={t("play.deciding")} />}
      {told && said(told.failed) !== "" && (
        <p class="group" role="alert">
          {said(told.failed)}
        </p>
      )}
      {incident && (
        <>
          <Proof incident={incident} />
          <Player key={told?.id} incident={incident} event={event} areas={areas} />
          {!looks && <WhatIfPart incident={incident} />}
        </>
      )}
    </article>
  );
}

function around(at_utc: number, length_s: number): Minutes {
  return { from_utc: at_utc - (length_s * 2) / 3, to_utc: at_utc + length_s / 3 };
}

/** How sure it is that this is what happened: decided again from the inputs, and compared with the records. */
function Proof({ incident: { again, restarts, cut } }: { incident: Incident }) {
  const all = again.decided === again.agree && again.decided === again.recorded;
  return (
    <section class="group proof" data-same={all}>
      <p>
        {t(all ? "play.agrees" : "play.differs", {
          decided: again.decided,
          agree: again.agree,
          recorded: again.recorded,
        })}
      </p>
      {!again.same_settings && <p>{t("play.other_settings")}</p>}
      {restarts.map((at) => (
        <p key={at}>{t("play.restarted", { time: dateAndClock(at) })}</p>
      ))}
      {cut && <p>{t("play.cut")}</p>}
    </section>
  );
}
