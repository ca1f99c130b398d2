/** The scrubber, and everything as it was at its moment. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Incident } from "../api/shapes/incident.ts";
import type { Happened } from "../api/shapes/live.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import { Plan } from "../event/plan.tsx";
import { timeOfDay } from "../words/times.ts";
import { t } from "../words/words.ts";
import { Curves } from "./curves.tsx";
import { FilmsThen } from "./films.tsx";
import { Happenings } from "./happenings.tsx";
import { stepTo, wayUntil } from "./moment.ts";
import { Then } from "./then.tsx";

const SPEEDS = [1, 10, 60];
const FRAME_MS = 100;

interface Props {
  incident: Incident;
  event: Happened;
  areas: PlanArea[];
}

export function Player({ incident, event, areas }: Props) {
  const { from_utc, to_utc, happenings } = incident;
  const [at_utc, setAt] = useState(Math.min(Math.max(event.at_utc, from_utc), to_utc));
  const [speed, setSpeed] = useState(0); // 0: it stands
  useEffect(() => {
    if (speed === 0) return;
    const timer = setInterval(
      () => setAt((at) => Math.min(to_utc, at + (speed * FRAME_MS) / 1000)),
      FRAME_MS,
    );
    return () => clearInterval(timer);
  }, [speed, to_utc]);
  const times = useMemo(() => happenings.map((one) => one.at_utc), [happenings]);
  const jump = (forward: boolean) => {
    setSpeed(0);
    const to = stepTo(times, at_utc, forward);
    if (to !== null) setAt(to);
  };
  const ways = Object.fromEntries(
    Object.entries(incident.ways).map(([id, way]) => [id, wayUntil(way, at_utc)] as const),
  );
  const job = incident.permits.find((one) => one.permit === event.subject) ?? incident.permits[0];
  return (
    <>
      <section class="group scrub" aria-label={t("play.scrub")}>
        <div class="controls">
          <button type="button" class="button" aria-label={t("play.before")} onClick={() => jump(false)}>
            ←
          </button>
          <output>{timeOfDay(at_utc)}</output>
          <button type="button" class="button" aria-label={t("play.next")} onClick={() => jump(true)}>
            →
          </button>
        </div>
        <input
          type="range"
          aria-label={t("play.moment")}
          aria-valuetext={timeOfDay(at_utc)}
          min={from_utc}
          max={to_utc}
          step={0.2}
          value={at_utc}
          onInput={(changed) => {
            setSpeed(0);
            setAt(Number(changed.currentTarget.value));
          }}
        />
        <div class="controls">
          {SPEEDS.map((one) => (
            <button
              type="button"
              class="button"
              key={one}
              aria-label={t("play.speed", { times: one })}
              aria-pressed={speed === one}
              onClick={() => setSpeed(speed === one ? 0 : one)}
            >
              ▶{one}×
            </button>
          ))}
        </div>
      </section>
      <Then incident={incident} at_utc={at_utc} />
      <section class="group">
        <h2>{t("play.places")}</h2>
        <Plan
          areas={areas}
          ways={ways}
          permit={undefined}
          area_id={job?.area ?? ""}
          spot={null}
          names={incident.names}
        />
      </section>
      <FilmsThen event_utc={event.at_utc} at_utc={at_utc} />
      <Curves incident={incident} at_utc={at_utc} />
      <Happenings
        all={happenings}
        names={incident.names}
        at_utc={at_utc}
        choose={(to) => {
          setSpeed(0);
          setAt(to);
        }}
      />
    </>
  );
}
