/** One event: what happened, the gas and the places before it, what the cameras saw, who was told, what to do. */
import "../styles/board.css";
import "../styles/alarms.css";
import "../styles/event.css";
import { useEffect, useState } from "preact/hooks";
import { GuideCard } from "../alarms/guide.tsx";
import { API, call } from "../api/client.ts";
import { people } from "../api/people.ts";
import { session } from "../api/session.ts";
import type { EventPage } from "../api/shapes/event.ts";
import type { Live } from "../api/shapes/live.ts";
import type { Permit } from "../api/shapes/permit.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import { channelOf, GasCurve } from "../event/curves.tsx";
import { Facts } from "../event/facts.tsx";
import type { Spot } from "../event/map.ts";
import { Plan } from "../event/plan.tsx";
import { Raw } from "../event/raw.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { brief, cut } from "../parts/name.tsx";
import { useShown } from "../parts/notlive.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { examines } from "../play/reviews.ts";
import { Link, type Params } from "../router.tsx";
import { useStore } from "../store.ts";
import { clock, dateAndClock } from "../words/times.ts";
import { t, term } from "../words/words.ts";

export function Event({ params }: { params: Params }) {
  const seq = params.seq ?? "";
  const [found, setFound] = useState<EventPage | null>(null);
  const [areas, setAreas] = useState<PlanArea[]>([]);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    call<EventPage>("GET", `/events/${encodeURIComponent(seq)}`).then(setFound, setFailed);
    call<{ areas: PlanArea[] }>("GET", "/plan").then(
      (plan) => setAreas(plan.areas),
      () => setAreas([]), // without a plan the places stand on white
    );
  }, [seq]);
  if (failed !== null) return <FaultCard thrown={failed} />;
  if (!found) return <Waiting what={t("event.comes")} />;
  return <Shown found={found} areas={areas} />;
}

function Shown({ found, areas }: { found: EventPage; areas: PlanArea[] }) {
  const { live } = useShown();
  const roles = useStore(session)?.who?.roles ?? [];
  const { event, data, evidence } = found;
  const permit = live?.permits.find((one) => one.id === event.subject);
  return (
    <article class="board event">
      <header class="group head">
        <div>
          <h1>{term("event_type", event.type)}</h1>
          <p class="what">
            {dateAndClock(event.at_utc)} · {t("event.number", { seq: event.seq })}
          </p>
          <p class="instruction">{brief(event.words)}</p>
          {examines(roles) && (
            <Link class="button" to={`/play/${event.seq}`}>
              {t("play.open")}
            </Link>
          )}
          {permit && (
            <Link class="button" to={`/p/${encodeURIComponent(permit.id)}`}>
              {cut(permit.id, 40)}
            </Link>
          )}
        </div>
        <img
          class="qr"
          src={`${API}/qr/event/${event.seq}.svg`}
          width={160}
          height={160}
          alt={t("event.qr")}
        />
      </header>
      <Facts data={data} live={live} areas={areas} />
      <Told data={data} />
      {typeof data.code === "string" && data.code && (
        <section class="group">
          <h2>{t("alarms.guide")}</h2>
          <GuideCard code={data.code} />
        </section>
      )}
      <Rectification tickets={found.tickets} now_utc={live?.at_utc} />
      {evidence ? (
        <Evidence found={found} live={live} permit={permit} areas={areas} />
      ) : (
        <p class="group empty">{t("event.no_evidence")}</p>
      )}
      <Kept files={found.kept} live={live} />
    </article>
  );
}

interface EvidenceProps {
  found: EventPage;
  live: Live | null;
  permit: Permit | undefined;
  areas: PlanArea[];
}

function Evidence({ found: { event, data, evidence, faces }, live, permit, areas }: EvidenceProps) {
  if (!evidence) return null;
  const place = data.place;
  const reported: Spot | null =
    place && typeof place.x_m === "number" && typeof place.y_m === "number" ? [place.x_m, place.y_m] : null;
  const work: Spot | null = permit?.point ? [permit.point.x_m, permit.point.y_m] : null;
  return (
    <>
      <section class="group">
        <h2>{t("event.curves")}</h2>
        {Object.keys(evidence.curves).length === 0 && <p class="empty">{t("gas.none")}</p>}
        <div class="curves">
          {Object.entries(evidence.curves).map(([id, curve]) => (
            <GasCurve key={id} id={id} curve={curve} at_utc={event.at_utc} gas={channelOf(live, id)} />
          ))}
        </div>
      </section>
      <section class="group">
        <h2>{t("event.places")}</h2>
        <Plan
          areas={areas}
          ways={evidence.ways}
          permit={permit}
          area_id={place?.area || permit?.area_id || ""}
          spot={reported ?? work}
        />
      </section>
      <section class="group">
        <h2>{t("section.cameras")}</h2>
        {evidence.stills.length === 0 && <p class="empty">{t("event.no_stills")}</p>}
        {evidence.stills.map((name) => (
          <Still key={name} seq={event.seq} name={name} live={live} faces={faces} />
        ))}
      </section>
    </>
  );
}

interface StillProps {
  seq: number;
  name: string;
  live: Live | null;
  faces: boolean;
}

/** `name` is "<seq>-<camera>.jpg". */
function Still({ seq, name, live, faces }: StillProps) {
  const camera = name.replace(/^\d+-/, "").replace(/\.jpg$/, "");
  const known = live?.cameras.find((one) => one.id === camera);
  const called = known ? brief(known.name) : camera;
  const path = `/events/${seq}/stills/${encodeURIComponent(camera)}`;
  return (
    <figure class="seen">
      <img src={`${API}${path}.jpg`} width={640} height={360} alt={t("camera.alt", { name: called })} />
      <figcaption>{called}</figcaption>
      {faces && <Raw path={`${path}/raw`} name={name} called={called} />}
    </figure>
  );
}

/** What the records know of its films and pictures: by name and hash, so that a copy can be proved. */
function Kept({ files, live }: { files: EventPage["kept"]; live: Live | null }) {
  if (files.length === 0) return null;
  return (
    <section class="group films">
      <h2>{t("event.films")}</h2>
      <ul>
        {files.map((one) => {
          const known = live?.cameras.find((camera) => camera.id === one.camera);
          const times = { from: clock(one.began_utc), to: clock(one.ended_utc) };
          return (
            <li key={one.name}>
              {t("event.film", { camera: known ? brief(known.name) : one.camera || one.name, ...times })}
              {!one.whole && ` · ${t("event.film_torn")}`}
              {!one.clock_trusted && ` · ${t("event.film_untrusted")}`}
              <br />
              <code>{one.name}</code> <code>SHA-256 {one.sha256}</code>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Where the centre says that putting it right stands. */
function Rectification({ tickets, now_utc }: { tickets: EventPage["tickets"]; now_utc: number | undefined }) {
  if (tickets.length === 0) return null;
  return (
    <section class="group rectified">
      <h2>{t("event.rectified")}</h2>
      <ul>
        {tickets.map((one) => {
          const due = one.deadline_utc;
          const late = due !== null && !one.over && now_utc !== undefined && now_utc > due;
          return (
            <li key={one.id}>
              <b>{brief(one.words)}</b>
              {due !== null && " · "}
              {due !== null &&
                t(late ? "event.rectified_late" : "event.rectified_due", { time: dateAndClock(due) })}
              <br />
              {t("event.rectified_known", { time: dateAndClock(one.at_utc) })}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** The roles that were told, and who holds them here. */
function Told({ data }: { data: EventPage["data"] }) {
  const known = useStore(people);
  const roles = Array.isArray(data.notify) ? [...new Set(data.notify)] : [];
  if (roles.length === 0) return null;
  return (
    <section class="group">
      <h2>{t("event.told")}</h2>
      <ul>
        {roles.map((role) => (
          <li key={role}>
            <b>{term("role", role)}</b>{" "}
            {[...known.values()]
              .filter((one) => one.roles.includes(role))
              .map((one) => one.name)
              .join(t("phone.comma")) || t("event.told_nobody")}
          </li>
        ))}
      </ul>
    </section>
  );
}
