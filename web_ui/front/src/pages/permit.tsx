/** The phone page of one permit: may work or not, why, what I can do, and STOP. */
import { session } from "../api/session.ts";
import type { Live } from "../api/shapes/live.ts";
import type { Permit as Ticket } from "../api/shapes/permit.ts";
import { guards, stepOf } from "../duty/steps.ts";
import { ended } from "../duty/tone.ts";
import { canSound } from "../live/sound.ts";
import { useLit } from "../live/wake.ts";
import { Dark } from "../parts/dark.tsx";
import { Ended } from "../parts/ended.tsx";
import { Air, Facts } from "../parts/facts.tsx";
import { Glance } from "../parts/glance.tsx";
import { Here } from "../parts/here.tsx";
import { Icon } from "../parts/icon.tsx";
import { Missing } from "../parts/lacking.tsx";
import { LetBe } from "../parts/letbe.tsx";
import { NotLive, useShown } from "../parts/notlive.tsx";
import { Paper } from "../parts/paper.tsx";
import { Steps } from "../parts/steps.tsx";
import { StopBar } from "../parts/stop.tsx";
import { Stopped } from "../parts/stopped.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { WindOf } from "../parts/wind.tsx";
import { go, Link, type Params, path } from "../router.tsx";
import { useStore } from "../store.ts";
import { FIELDS } from "../tasks/fields.tsx";
import { Task } from "../tasks/task.tsx";
import { said, t, term } from "../words/words.ts";

export function Permit({ params }: { params: Params }) {
  const id = params.permit ?? "";
  const who = useStore(session)?.who;
  const { live } = useShown();
  const ticket = live?.permits.find((one) => one.id === id);
  const over = ticket !== undefined && ended(ticket);
  return (
    <div class="with-stop">
      {who === undefined || who === null ? <Nobody id={id} /> : <Known id={id} live={live} ticket={ticket} />}
      {!over && <StopBar permit={id} />}
    </div>
  );
}

/** STOP needs no log-in; everything else does. */
function Nobody({ id }: { id: string }) {
  const now = useStore(session);
  if (now === undefined) return <Waiting what={t("wait.session")} />;
  return (
    <section class="card">
      <h1>{t("phone.permit", { id })}</h1>
      <Ended />
      <p>{t("phone.log_in")}</p>
      <Link to={`/login?then=${encodeURIComponent(`/p/${encodeURIComponent(id)}`)}`} class="button main">
        {t("login.title")}
      </Link>
    </section>
  );
}

function Known({ id, live, ticket }: { id: string; live: Live | null; ticket: Ticket | undefined }) {
  if (!live) {
    return (
      <>
        <NotLive />
        <Waiting what={t("wait.picture")} />
      </>
    );
  }
  if (!ticket) {
    return (
      <>
        <NotLive />
        <section class="card">
          <h1>{t("phone.no_such", { id })}</h1>
          <p>{t("phone.no_such_next")}</p>
          <Link to="/" class="button">
            {t("missing.home")}
          </Link>
        </section>
      </>
    );
  }
  return <Shown live={live} permit={ticket} />;
}

function Shown({ live, permit }: { live: Live; permit: Ticket }) {
  const me = session.get()?.who?.id;
  const { stale, now_utc } = useShown();
  const address = useStore(path);
  const wanted = new URLSearchParams(address.split("?")[1] ?? "").get("do");
  const step = stepOf(permit, me, wanted);
  const lit = useLit(guards(permit, me) && !ended(permit));
  const asked = !stale && permit.guard_id === me && permit.guard_presence?.state === "asked";
  const home = `/p/${encodeURIComponent(permit.id)}`;
  const task = wanted && step && (
    <Task permit={permit} step={step} live={live} onDone={() => go(home, { replace: true })} />
  );
  if (task && FIELDS[step.ask]) {
    return (
      <>
        <NotLive />
        {task}
      </>
    );
  }
  return (
    <>
      <NotLive />
      {wanted && !step && <p class="card">{t("task.gone")}</p>}
      <div class={stale ? "flow stale" : "flow"}>
        {asked && <Here permit={permit} me={me} now_utc={now_utc} />}
        <Glance permit={permit} stale={stale} now_utc={now_utc} />
        {permit.overrides.map((one) => (
          <LetBe key={one.rule} one={one} />
        ))}
        <h1 class="ticket">
          {term("type", permit.type)} {permit.level} · {said(permit.area)} <small>{permit.id}</small>
        </h1>
        {!stale && !asked && <Here permit={permit} me={me} now_utc={now_utc} />}
        {task /* nothing to fill in: signed in sight of how it stands */}
        {!stale && !task && <Steps permit={permit} me={me} />}
        <Stopped permit={permit} />
        <Missing permit={permit} me={me} />
        <Facts permit={permit} now_utc={now_utc} />
        <Air permit={permit} live={live} />
        <WindOf permit={permit} live={live} />
        <Dark lit={lit} />
        <details class="rest">
          <summary class="button">{t("ticket.says")}</summary>
          <Paper permit={permit} />
        </details>
        {!canSound() && (
          <p class="card">
            <span>
              <Icon of="sound" /> {t("phone.silent")}
            </span>
          </p>
        )}
      </div>
    </>
  );
}
