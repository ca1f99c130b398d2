/** The direct report: pick what is wrong from pictures, send; the box adds the rest. Three taps from every page. */
import "../styles/alarms.css";
import "../styles/report.css";
import { useEffect, useState } from "preact/hooks";
import { GuideCard } from "../alarms/guide.tsx";
import { API, call } from "../api/client.ts";
import { session } from "../api/session.ts";
import type { Live } from "../api/shapes/live.ts";
import type { Permit } from "../api/shapes/permit.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import type { Hazard } from "../api/shapes/tickets.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Icon } from "../parts/icon.tsx";
import { NotLive, useShown } from "../parts/notlive.tsx";
import { StopBar } from "../parts/stop.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Around } from "../report/around.tsx";
import { Picture } from "../report/pictures.tsx";
import { likely, permitOf } from "../report/place.ts";
import { send } from "../report/send.ts";
import { Link, path } from "../router.tsx";
import { useStore } from "../store.ts";
import { said, t } from "../words/words.ts";

export function Report() {
  const me = useStore(session)?.who?.id ?? "";
  const from = new URLSearchParams(useStore(path).split("?")[1] ?? "").get("permit");
  const { live } = useShown();
  const [hazards, setHazards] = useState<Hazard[] | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [chosen, setChosen] = useState<Hazard | null>(null);
  const [sent, setSent] = useState<{ seq: number | null } | null>(null);
  useEffect(() => {
    call<{ hazards: Hazard[] }>("GET", "/hazards").then((found) => setHazards(found.hazards), setFailed);
  }, []);
  const permit = live ? permitOf(live, me, from) : undefined;
  const stop = permit && <StopBar permit={permit.id} />;
  return (
    <div class={permit ? "with-stop" : "flow"}>
      <NotLive />
      {failed !== null && <FaultCard thrown={failed} again={() => location.reload()} />}
      {!hazards && failed === null && <Waiting what={t("report.kinds_come")} />}
      {sent && chosen && <Sent chosen={chosen} seq={sent.seq} />}
      {!sent && chosen && (
        <Confirm
          chosen={chosen}
          live={live}
          permit={permit}
          me={me}
          onBack={() => setChosen(null)}
          onSent={(seq) => setSent({ seq })}
        />
      )}
      {!chosen && hazards && <Choose hazards={hazards} live={live} permit={permit} onChosen={setChosen} />}
      {stop}
    </div>
  );
}

interface ChooseProps {
  hazards: Hazard[];
  live: Live | null;
  permit: Permit | undefined;
  onChosen: (hazard: Hazard) => void;
}

function Choose({ hazards, live, permit, onChosen }: ChooseProps) {
  const [all, setAll] = useState(false);
  const { first, rest } = likely(hazards, live, permit);
  const tile = (one: Hazard) => (
    <li key={one.kind}>
      <button type="button" class="button hazard" data-urgent={one.urgent} onClick={() => onChosen(one)}>
        <Picture of={one.icon} />
        <span>{said(one.words)}</span>
      </button>
    </li>
  );
  return (
    <section class="card">
      <h1>{t("report.what")}</h1>
      <ul class="hazards">{first.map(tile)}</ul>
      {rest.length > 0 && !all && (
        <button type="button" class="button" onClick={() => setAll(true)}>
          {t("report.more")}
        </button>
      )}
      {all && <ul class="hazards">{rest.map(tile)}</ul>}
    </section>
  );
}

interface ConfirmProps {
  chosen: Hazard;
  live: Live | null;
  permit: Permit | undefined;
  me: string;
  onBack: () => void;
  onSent: (seq: number | null) => void;
}

function Confirm({ chosen, live, permit, me, onBack, onSent }: ConfirmProps) {
  const [area, setArea] = useState<PlanArea | undefined>(undefined);
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const press = async () => {
    setBusy(true);
    setFailed(null);
    try {
      onSent(await send({ kind: chosen.kind, area: area?.id ?? "", note, permit: permit?.id ?? "" }, me));
    } catch (thrown) {
      setFailed(thrown);
      setBusy(false);
    }
  };
  return (
    <section class="card">
      <h1 class="chosen">
        <button type="button" class="button quiet back" aria-label={t("task.back")} onClick={onBack}>
          <Icon of="back" />
        </button>
        <Picture of={chosen.icon} /> {said(chosen.words)}
      </h1>
      <p class="first-do">
        <Icon of="warning" /> {said(chosen.first)}
      </p>
      <button type="button" class="button main" disabled={busy} onClick={() => void press()}>
        {t(busy ? "task.sending" : "report.send")}
      </button>
      {failed !== null && <FaultCard thrown={failed} />}
      <h2>{t("report.added")}</h2>
      {live && <Around live={live} me={me} permit={permit} area={area} />}
      <Elsewhere area={area} onArea={setArea} />
      <label class="field">
        {t("report.note")}
        <input value={note} maxLength={500} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
    </section>
  );
}

function Elsewhere({ area, onArea }: { area: PlanArea | undefined; onArea: (area: PlanArea) => void }) {
  const [areas, setAreas] = useState<PlanArea[] | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const open = () =>
    call<{ areas: PlanArea[] }>("GET", "/plan").then((plan) => setAreas(plan.areas), setFailed);
  if (failed !== null) return <FaultCard thrown={failed} />;
  if (!areas) {
    return (
      <button type="button" class="button" onClick={() => void open()}>
        {t("report.elsewhere")}
      </button>
    );
  }
  return (
    <fieldset class="chips" aria-label={t("report.where")}>
      {areas.map((one) => (
        <button
          type="button"
          class="button"
          key={one.id}
          aria-pressed={one.id === area?.id}
          onClick={() => onArea(one)}
        >
          {said(one.name)}
        </button>
      ))}
    </fieldset>
  );
}

function Sent({ chosen, seq }: { chosen: Hazard; seq: number | null }) {
  return (
    <section class="card">
      <h1>
        <Icon of="may_work" /> {t("report.sent", { what: said(chosen.words) })}
      </h1>
      <p class="first-do">
        <Icon of="warning" /> {said(chosen.first)}
      </p>
      <GuideCard code={chosen.code} />
      {seq !== null && (
        <>
          <img class="qr" src={`${API}/qr/event/${seq}.svg`} width={200} height={200} alt={t("event.qr")} />
          <Link class="button" to={`/events/${seq}`}>
            {t("event.number", { seq })}
          </Link>
        </>
      )}
    </section>
  );
}
