/** A permit without a centre: drawn up here in few fields, or more time for one. It passes the same gate as any. */
import "../styles/tickets.css";
import { useEffect, useState } from "preact/hooks";
import { call } from "../api/client.ts";
import { people } from "../api/people.ts";
import { session } from "../api/session.ts";
import type { Live, Offers, PlanArea } from "../api/types.ts";
import { FaultCard } from "../parts/fault.tsx";
import { NotLive, useShown } from "../parts/notlive.tsx";
import { tell } from "../parts/told.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { go, path } from "../router.tsx";
import { useStore } from "../store.ts";
import {
  type Draft,
  EMPTY,
  extensionOf,
  hoursOf,
  missing,
  ticketOf,
  usualHours,
  withRole,
} from "../tickets/draft.ts";
import { Pick } from "../tickets/pick.tsx";
import { Sign } from "../tickets/sign.tsx";
import { said, t, term } from "../words/words.ts";

const MAY = ["holder", "shift_lead"];

export function Ticket() {
  const who = useStore(session)?.who;
  const { live } = useShown();
  const old = new URLSearchParams(useStore(path).split("?")[1] ?? "").get("extends");
  const [offers, setOffers] = useState<Offers | null>(null);
  const [areas, setAreas] = useState<PlanArea[] | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    call<Offers>("GET", "/works").then(setOffers, setFailed);
    call<{ areas: PlanArea[] }>("GET", "/plan").then((plan) => setAreas(plan.areas), setFailed);
  }, []);
  if (!who?.roles.some((role) => MAY.includes(role))) return <p class="card">{t("ticket.not_yours")}</p>;
  if (failed !== null) return <FaultCard thrown={failed} again={() => location.reload()} />;
  return (
    <div class="flow">
      <NotLive />
      {!live || !offers || !areas ? (
        <Waiting what={t("ticket.comes")} />
      ) : old ? (
        <Extend old={old} live={live} offers={offers} />
      ) : (
        <Fill live={live} offers={offers} areas={areas} me={who.id} />
      )}
    </div>
  );
}

/** The new permit's page, when the picture shows it. */
function useArrival(live: Live): () => void {
  const [before, setBefore] = useState<Set<string> | null>(null);
  useEffect(() => {
    const made = before && live.permits.find((one) => !before.has(one.id));
    if (made) go(`/p/${encodeURIComponent(made.id)}`, { replace: true });
  }, [live, before]);
  return () => {
    tell(t("ticket.made"));
    setBefore(new Set(live.permits.map((one) => one.id)));
  };
}

interface FillProps {
  live: Live;
  offers: Offers;
  areas: PlanArea[];
  me: string;
}

function Fill({ live, offers, areas, me }: FillProps) {
  const known = [...useStore(people).values()];
  const { now_utc } = useShown();
  const [draft, setDraft] = useState<Draft>({ ...EMPTY, holder: holds(known, me) ? me : "" });
  const arrive = useArrival(live);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const area = draft.area?.id ?? "";
  const named = (role: string) => withRole(known, role, area).map((one) => ({ id: one.id, words: one.name }));
  const lacking = missing(draft);
  const ticket = ticketOf(draft, offers, now_utc ?? live.at_utc);
  const kind = (one: Offers["works"][number]) => `${one.type}.${one.level}`;
  return (
    <section class="card">
      <h1>{t("ticket.title")}</h1>
      <Pick
        label={t("ticket.work")}
        choices={offers.works.map((one) => ({ id: kind(one), words: said(one.words) }))}
        chosen={draft.work ? [kind(draft.work)] : []}
        none={t("ticket.no_works")}
        onChosen={([id]) => {
          const work = offers.works.find((one) => kind(one) === id) ?? null;
          set({ work, hours: work ? usualHours(work) : draft.hours });
        }}
      />
      <Pick
        label={t("ticket.area")}
        choices={areas.map((one) => ({ id: one.id, words: said(one.name) }))}
        chosen={area ? [area] : []}
        none={t("ticket.no_areas")}
        onChosen={([id]) => set({ area: areas.find((one) => one.id === id) ?? null })}
      />
      <label class="field">
        {t("ticket.content")}
        <input
          value={draft.content}
          maxLength={500}
          onInput={(event) => set({ content: event.currentTarget.value })}
        />
      </label>
      <Pick
        label={t("permit.holder")}
        choices={named("holder")}
        chosen={draft.holder ? [draft.holder] : []}
        none={t("ticket.nobody")}
        onChosen={([id = ""]) => set({ holder: id })}
      />
      <Pick
        label={t("permit.guard")}
        choices={named("guard")}
        chosen={draft.guards}
        several
        none={t("ticket.nobody")}
        onChosen={(guards) => set({ guards })}
      />
      <Pick
        label={term("role", "worker")}
        choices={named("worker")}
        chosen={draft.workers}
        several
        none={t("ticket.nobody")}
        onChosen={(workers) => set({ workers })}
      />
      <Hours hours={hoursOf(draft.work)} chosen={draft.hours} onChosen={(hours) => set({ hours })} />
      {draft.work?.jsa && (
        <label class="field">
          {t("ticket.jsa")}
          <input
            value={draft.jsa}
            maxLength={64}
            onInput={(event) => set({ jsa: event.currentTarget.value })}
          />
        </label>
      )}
      {draft.work && draft.area && <Added draft={draft} offers={offers} />}
      {lacking && <p class="hint">{t("ticket.missing", { what: t(`lacks.${lacking}` as const) })}</p>}
      <Sign words={t("ticket.send")} form={ticket && { ask: "ticket", ticket }} onDone={arrive} />
    </section>
  );
}

const holds = (known: { id: string; roles: string[] }[], me: string) =>
  known.some((one) => one.id === me && one.roles.includes("holder"));

/** What the box adds by itself, and who has to sign afterwards. */
function Added({ draft, offers }: { draft: Draft; offers: Offers }) {
  const devices = offers.devices[draft.area?.id ?? ""] ?? [];
  const roles = draft.work?.approvals ?? [];
  return (
    <dl class="added">
      <div>
        <dt>{t("ticket.devices")}</dt>
        <dd>{devices.length > 0 ? devices.join(t("phone.comma")) : t("ticket.no_devices")}</dd>
      </div>
      <div>
        <dt>{t("ticket.approvals")}</dt>
        <dd>
          {roles.length > 0
            ? roles.map((role) => term("role", role)).join(t("phone.comma"))
            : t("ticket.no_approvals")}
        </dd>
      </div>
    </dl>
  );
}

function Hours({
  hours,
  chosen,
  onChosen,
}: {
  hours: number[];
  chosen: number;
  onChosen: (h: number) => void;
}) {
  return (
    <Pick
      label={t("ticket.valid")}
      choices={hours.map((one) => ({ id: String(one), words: t("ticket.hours", { hours: one }) }))}
      chosen={[String(chosen)]}
      none=""
      onChosen={([id]) => onChosen(Number(id))}
    />
  );
}

function Extend({ old, live, offers }: { old: string; live: Live; offers: Offers }) {
  const { now_utc } = useShown();
  const permit = live.permits.find((one) => one.id === old);
  const work = offers.works.find((one) => one.type === permit?.type && one.level === permit.level) ?? null;
  const [hours, setHours] = useState(work ? usualHours(work) : 1);
  const arrive = useArrival(live);
  if (!permit) return <p class="card">{t("phone.no_such", { id: old })}</p>;
  return (
    <section class="card">
      <h1>{t("ticket.extend", { id: old })}</h1>
      <p>
        {term("type", permit.type)} {permit.level} · {said(permit.area)}
      </p>
      <p>{t("ticket.extend_what")}</p>
      <Hours hours={hoursOf(work)} chosen={hours} onChosen={setHours} />
      <Sign
        words={t("ticket.send")}
        form={{ ask: "ticket", ticket: extensionOf(old, hours, now_utc ?? live.at_utc) }}
        onDone={arrive}
      />
    </section>
  );
}
