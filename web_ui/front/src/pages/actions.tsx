/** What is to be put right: the list, and one of them with its pictures and what I can do about it. For gloves. */
import "../styles/righting.css";
import { useEffect, useState } from "preact/hooks";
import { API, call } from "../api/client.ts";
import { people } from "../api/people.ts";
import { session } from "../api/session.ts";
import type { Who } from "../api/shapes/people.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import type { Rectification } from "../api/shapes/righting.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Icon } from "../parts/icon.tsx";
import { useBoxTime } from "../parts/now.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { inOrder, mayVerify, mayWork, seesPictures, statusOf } from "../righting/ladder.ts";
import { Steps } from "../righting/steps.tsx";
import { Link, type Params } from "../router.tsx";
import { useStore } from "../store.ts";
import { dateAndClock, lasting, timeOfDay } from "../words/times.ts";
import { said, t, term } from "../words/words.ts";

const AGAIN_MS = 15_000;

function useAll() {
  const [all, setAll] = useState<Rectification[] | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew when something was done
  useEffect(() => {
    let left = false;
    const came = (found: Rectification[]) => {
      if (left) return;
      setAll(found);
      setFailed(null);
    };
    const look = () =>
      call<{ rectifications: Rectification[] }>("GET", "/rectifications").then(
        (found) => came(found.rectifications),
        (thrown) => left || setFailed(thrown),
      );
    void look();
    const again = setInterval(() => void look(), AGAIN_MS);
    return () => {
      left = true;
      clearInterval(again);
    };
  }, [asked]);
  return { all, failed, again: () => setAsked(asked + 1) };
}

function useAreas(): PlanArea[] {
  const [areas, setAreas] = useState<PlanArea[]>([]);
  useEffect(() => {
    call<{ areas: PlanArea[] }>("GET", "/plan").then(
      (plan) => setAreas(plan.areas),
      () => setAreas([]), // without a plan areas are called by their ids
    );
  }, []);
  return areas;
}

function placeOf(one: Rectification, areas: PlanArea[]): string {
  const area = areas.find(({ id }) => id === one.area);
  return area ? said(area.name) : (one.area ?? "") || (one.permit ?? "");
}

export function Actions() {
  const who = useStore(session)?.who;
  const { all, failed, again } = useAll();
  const areas = useAreas();
  if (!who) return null;
  const open = inOrder(
    (all ?? []).filter((one) => one.status !== "verified"),
    who,
  );
  const closed = (all ?? []).filter((one) => one.status === "verified").slice(0, 20);
  const list = (some: Rectification[]) => (
    <ul class="actions">
      {some.map((one) => (
        <li key={one.id}>
          <Card one={one} who={who} place={placeOf(one, areas)} />
        </li>
      ))}
    </ul>
  );
  return (
    <section class="card">
      <h1>{t("acts.title")}</h1>
      <p class="hint">{t("acts.about")}</p>
      {failed !== null && <FaultCard thrown={failed} again={again} />}
      {!all && failed === null && <Waiting what={t("acts.comes")} />}
      {all && open.length === 0 && <p>{t("acts.none")}</p>}
      {open.length > 0 && <h2>{t("acts.open_ones")}</h2>}
      {list(open)}
      {closed.length > 0 && <h2>{t("acts.closed")}</h2>}
      {list(closed)}
    </section>
  );
}

function Card({ one, who, place }: { one: Rectification; who: Who; place: string }) {
  const mine = mayWork(one, who) || mayVerify(one, who);
  return (
    <Link to={`/actions/${encodeURIComponent(one.id)}`} class="action">
      <span class="grade" data-class={one.hazard_class}>
        {t(`acts.class_${one.hazard_class}`)}
      </span>
      <b>{said(one.title)}</b>
      <span>
        {place} · {t(`acts.${statusOf(one)}`)} · {term("role", one.role)}
      </span>
      <span class="when">
        <Due one={one} />
        {mine && <strong> {t("acts.mine")}</strong>}
      </span>
    </Link>
  );
}

function Due({ one }: { one: Rectification }) {
  const { now_utc } = useBoxTime();
  if (one.status === "verified") return <>{dateAndClock(one.status_utc)}</>;
  const late_s = (now_utc ?? 0) - one.deadline_utc;
  if (now_utc !== null && late_s > 0) {
    return (
      <strong class="late">
        <Icon of="warning" /> {t("acts.late", { time: lasting(late_s) })}
      </strong>
    );
  }
  return <>{t("acts.deadline", { time: timeOfDay(one.deadline_utc, now_utc ?? undefined) })}</>;
}

export function Action({ params }: { params: Params }) {
  const who = useStore(session)?.who;
  const { all, failed, again } = useAll();
  const areas = useAreas();
  const { now_utc } = useBoxTime();
  const one = all?.find(({ id }) => id === params.id);
  if (failed !== null) return <FaultCard thrown={failed} again={again} />;
  if (!who || !all) return <Waiting what={t("acts.comes")} />;
  if (!one) return <p class="card">{t("acts.gone")}</p>;
  const place = placeOf(one, areas);
  return (
    <section class="card righting">
      <h1>
        <Link to="/actions" class="button quiet back" label={t("task.back")}>
          <Icon of="back" />
        </Link>
        {said(one.title)}
      </h1>
      <p>
        <span class="grade" data-class={one.hazard_class}>
          {t(`acts.class_${one.hazard_class}`)}
        </span>{" "}
        <b>{t(`acts.${statusOf(one)}`)}</b> · <Due one={one} />
      </p>
      <p>{said(one.detail)}</p>
      {(one.ticket ?? "") !== "" && <p class="mark">{t("acts.centre", { ticket: one.ticket ?? "" })}</p>}
      <Facts one={one} place={place} />
      {seesPictures(who.roles) && <Pictures one={one} />}
      <Steps one={one} who={who} place={place} now_utc={now_utc} onDone={again} />
      <Link to={`/events/${one.event}`} class="button">
        {t("acts.event")}
      </Link>
    </section>
  );
}

function Facts({ one, place }: { one: Rectification; place: string }) {
  const known = useStore(people);
  const name = (id: string | undefined) => (id ? (known.get(id)?.name ?? id) : "");
  const rows = [
    [t("acts.which"), `${one.id} · ${place} · ${t("acts.times", { count: one.times ?? 1 })}`],
    [t("acts.role"), `${term("role", one.role)} ${one.owner ?? ""}`],
    [t("acts.taken_by"), name(one.taken_by)],
    [t("acts.done_by"), name(one.done_by)],
    [t("acts.verified_by"), name(one.verified_by)],
    [t(`acts.${statusOf(one)}`), one.reason ?? ""],
  ] as const;
  return (
    <dl class="righting-facts">
      {rows
        .filter(([, value]) => value !== "")
        .map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Pictures({ one }: { one: Rectification }) {
  return (
    <div class="photos">
      {(["before", "after"] as const).map((when) => {
        const photo = one[when];
        return (
          <figure key={when}>
            {photo ? (
              <img
                src={`${API}/rectifications/${encodeURIComponent(one.id)}/${when}.jpg?${photo.sha256.slice(0, 8)}`}
                alt={t(`acts.${when}_is`)}
              />
            ) : (
              <p class="empty">{t("acts.no_picture")}</p>
            )}
            <figcaption>{t(`acts.${when}_is`)}</figcaption>
          </figure>
        );
      })}
    </div>
  );
}
