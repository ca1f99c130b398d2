/** My permits, the worst first; then the others on site. One tap opens one. */

import { useLayoutEffect } from "preact/hooks";
import { people } from "../api/people.ts";
import { session } from "../api/session.ts";
import type { Permit } from "../api/shapes/permit.ts";
import { keepsDevices, tests } from "../devices/findings.ts";
import { arrived, onlyNext } from "../duty/arrival.ts";
import { concerns, mine } from "../duty/steps.ts";
import { ended, toneOf, worstFirst } from "../duty/tone.ts";
import { Word } from "../parts/glance.tsx";
import { NotLive, useShown } from "../parts/notlive.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { examines, seesFilms } from "../play/reviews.ts";
import { go, Link, type Params } from "../router.tsx";
import { useStore } from "../store.ts";
import { lasting } from "../words/times.ts";
import { said, t, term } from "../words/words.ts";

export function Home() {
  const me = useStore(session)?.who?.id ?? "";
  const { live, stale } = useShown();
  useLayoutEffect(() => {
    if (!live || stale || !arrived()) return;
    const next = onlyNext(live.permits, me);
    if (next) go(next);
  }, [live, stale, me]);
  return <Permits choose={() => true} none={t("home.none")} />;
}

/** What a QR code at a point leads to: the permits there. The code proves nothing. */
export function AtPoint({ params }: { params: Params }) {
  const point = params.point ?? "";
  const there = (permit: Permit) => permit.area_id === point || permit.id === point;
  return <Permits choose={there} none={t("home.none_here", { point })} />;
}

function Permits({ choose, none }: { choose: (permit: Permit) => boolean; none: string }) {
  const who = useStore(session)?.who;
  const me = who?.id ?? "";
  const { live, stale, now_utc } = useShown();
  if (!live) {
    return (
      <>
        <NotLive />
        <Waiting what={t("wait.picture")} />
      </>
    );
  }
  const all = worstFirst(live.permits.filter(choose));
  const own = all.filter((one) => concerns(one, me));
  const rest = all.filter((one) => !concerns(one, me));
  const list = (permits: Permit[]) => (
    <ul class="permits">
      {permits.map((one) => (
        <li key={one.id}>
          <Card permit={one} me={me} stale={stale} now_utc={now_utc} />
        </li>
      ))}
    </ul>
  );
  return (
    <>
      <NotLive />
      <div class={stale ? "flow stale" : "flow"}>
        {own.length > 0 && <h1 class="section">{t("home.mine")}</h1>}
        {list(own)}
        {rest.length > 0 && <h1 class="section">{t(own.length > 0 ? "home.others" : "home.all")}</h1>}
        {list(rest)}
        {all.length === 0 && <p class="card">{none}</p>}
        <First roles={who?.roles ?? []} />
        <Offices roles={who?.roles ?? []} />
      </div>
    </>
  );
}

/** What comes next on a box that knows nobody but its administrator. */
function First({ roles }: { roles: string[] }) {
  const alone = useStore(people).size === 1; // nobody at all: they are not fetched yet
  return alone && roles.includes("admin") ? <p class="card">{t("home.first")}</p> : null;
}

/** What some roles do besides their permits. */
function Offices({ roles }: { roles: string[] }) {
  return (
    <nav class="steps" data-main="false" aria-label={t("home.offices")}>
      {roles.some((role) => role === "holder" || role === "shift_lead") && (
        <Link to="/tickets/new" class="button">
          {t("ticket.title")}
        </Link>
      )}
      {keepsDevices(roles) && (
        <Link to="/setup" class="button">
          {t("setup.title")}
        </Link>
      )}
      {keepsDevices(roles) && (
        <Link to="/devices" class="button">
          {t("devices.title")}
        </Link>
      )}
      {keepsDevices(roles) && (
        <Link to="/zones" class="button">
          {t("zones.title")}
        </Link>
      )}
      {(keepsDevices(roles) || tests(roles)) && (
        <Link to="/detectors" class="button">
          {t("detectors.title")}
        </Link>
      )}
      {keepsDevices(roles) && (
        <Link to="/settings" class="button">
          {t("settings.title")}
        </Link>
      )}
      {examines(roles) &&
        (
          [
            ["/works", "simops.title"],
            ["/review", "review.title"],
            ["/drills", "drills.title"],
            ["/audit", "audit.title"],
          ] as const
        ).map(([to, title]) => (
          <Link key={to} to={to} class="button">
            {t(title)}
          </Link>
        ))}
      {roles.length > 0 && (
        <>
          {seesFilms(roles) && (
            <Link to="/films" class="button">
              {t("films.title")}
            </Link>
          )}
          <Link to="/cameras" class="button">
            {t("cameras.title")}
          </Link>
          <Link to="/day" class="button">
            {t("day.title")}
          </Link>
          <Link to="/me" class="button">
            {t("me.title")}
          </Link>
          <Link to="/log-ins" class="button">
            {t("log_ins.title")}
          </Link>
          <Link to="/actions" class="button">
            {t("acts.title")}
          </Link>
        </>
      )}
      {roles.includes("admin") && (
        <Link to="/people" class="button">
          {t("roster.title")}
        </Link>
      )}
      {roles.includes("admin") && (
        <Link to="/panel" class="button">
          {t("panel.title")}
        </Link>
      )}
    </nav>
  );
}

interface CardProps {
  permit: Permit;
  me: string;
  stale: boolean;
  now_utc: number | null;
}

function Card({ permit, me, stale, now_utc }: CardProps) {
  const tone = stale ? "unknown" : toneOf(permit);
  const todo = stale ? undefined : mine(permit, me)[0];
  return (
    <Link to={`/p/${encodeURIComponent(permit.id)}`} class="permit-card">
      <div class="band" data-tone={tone}>
        <Word tone={tone} />
        {!stale && permit.drill && <p class="played">{t("glance.drill")}</p>}
      </div>
      <p class="what">
        <b>{term("type", permit.type)}</b> {permit.level} · {said(permit.area)}
      </p>
      <p class="id">
        {permit.id}
        {now_utc !== null && !ended(permit) && (
          <span> · {t("home.left", { time: lasting(permit.ends_utc - now_utc) })}</span>
        )}
      </p>
      {todo && <p class="todo">{t("home.todo", { what: said(todo.words) })}</p>}
    </Link>
  );
}
