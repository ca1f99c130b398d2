/** The fields of a new ticket: what nobody but its holder knows; what the book and the area say stands folded below. */
import { useState } from "preact/hooks";
import { people } from "../api/people.ts";
import type { Live } from "../api/shapes/live.ts";
import type { Who } from "../api/shapes/people.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import type { Offers } from "../api/shapes/tickets.ts";
import { namesOf } from "../parts/name.tsx";
import { useShown } from "../parts/notlive.tsx";
import { useStore } from "../store.ts";
import { said, t, term } from "../words/words.ts";
import {
  type Draft,
  EMPTY,
  hoursOf,
  missing,
  pointOf,
  ticketOf,
  withArea,
  withOnly,
  withRole,
  withWork,
} from "./draft.ts";
import { Hours, useArrival } from "./extend.tsx";
import { proversOf } from "./measures.ts";
import { Linked, Scopes } from "./more.tsx";
import { Pick } from "./pick.tsx";
import { PointPick } from "./point.tsx";
import { Measures } from "./protect.tsx";
import { Sign } from "./sign.tsx";

interface Props {
  live: Live;
  offers: Offers;
  areas: PlanArea[];
  me: string;
}

export function Fill({ live, offers, areas, me }: Props) {
  const known = [...useStore(people).values()];
  const { now_utc } = useShown();
  const [draft, setDraft] = useState<Draft>(() =>
    withOnly({ ...EMPTY, holder: holds(known, me) ? me : "" }, areas, known),
  );
  const arrive = useArrival(live);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const drawn = (next: Draft) => setDraft(next.area === draft.area ? next : withOnly(next, areas, known));
  const lacking = missing(draft);
  const ticket = ticketOf(draft, offers, proversOf(draft, offers, live), now_utc ?? live.at_utc);
  return (
    <section class="card">
      <h1>{t("ticket.title")}</h1>
      <What draft={draft} offers={offers} areas={areas} onDraft={drawn} />
      <Team draft={draft} known={known} onDraft={set} />
      <Hours hours={hoursOf(draft.work)} chosen={draft.hours} onChosen={(hours) => set({ hours })} />
      {draft.work?.jsa && <Text label={t("ticket.jsa")} value={draft.jsa} onText={(jsa) => set({ jsa })} />}
      {draft.work && draft.area && (
        <>
          <Folded draft={draft} offers={offers} areas={areas} live={live} onDraft={set} />
          <Added draft={draft} offers={offers} live={live} />
        </>
      )}
      {lacking && <p class="hint">{t("ticket.missing", { what: t(`lacks.${lacking}` as const) })}</p>}
      <Sign words={t("ticket.send")} form={ticket && { ask: "ticket", ticket }} onDone={arrive} />
    </section>
  );
}

const holds = (known: Who[], me: string) =>
  known.some((one) => one.id === me && one.roles.includes("holder"));

interface WhatProps {
  draft: Draft;
  offers: Offers;
  areas: PlanArea[];
  onDraft: (draft: Draft) => void;
}

function What({ draft, offers, areas, onDraft }: WhatProps) {
  const { work, area } = draft;
  const kind = (one: Offers["works"][number]) => `${one.type}.${one.level}`;
  return (
    <>
      <Pick
        label={t("ticket.work")}
        choices={offers.works.map((one) => ({ id: kind(one), words: said(one.words) }))}
        chosen={work ? [kind(work)] : []}
        none={t("ticket.no_works")}
        onChosen={([id]) => onDraft(withWork(draft, offers.works.find((one) => kind(one) === id) ?? null))}
      />
      <Pick
        label={t("ticket.area")}
        choices={areas.map((one) => ({ id: one.id, words: said(one.name) }))}
        chosen={area ? [area.id] : []}
        none={t("ticket.no_areas")}
        onChosen={([id]) => onDraft(withArea(draft, areas.find((one) => one.id === id) ?? null))}
      />
      <Text
        label={t("ticket.content")}
        value={draft.content}
        most={500}
        onText={(content) => onDraft({ ...draft, content })}
      />
      {work?.pipe && (
        <>
          <p class="hint">{t("ticket.plate")}</p>
          <Text label={t("ticket.pipe")} value={draft.pipe} onText={(pipe) => onDraft({ ...draft, pipe })} />
        </>
      )}
      {work?.wind && (
        <Pick
          label={t("ticket.wind")}
          choices={[
            { id: "true", words: t("ticket.outdoors") },
            { id: "false", words: t("ticket.indoors") },
          ]}
          chosen={[String(draft.outdoor)]}
          none=""
          onChosen={([id]) => onDraft({ ...draft, outdoor: id === "true" })}
        />
      )}
    </>
  );
}

function Team({
  draft,
  known,
  onDraft,
}: {
  draft: Draft;
  known: Who[];
  onDraft: (change: Partial<Draft>) => void;
}) {
  const named = (role: string) =>
    withRole(known, role, draft.area?.id ?? "").map((one) => ({ id: one.id, words: one.name }));
  return (
    <>
      <Pick
        label={t("permit.holder")}
        choices={named("holder")}
        chosen={draft.holder ? [draft.holder] : []}
        none={t("ticket.nobody")}
        onChosen={([id = ""]) => onDraft({ holder: id })}
      />
      <Pick
        label={t("permit.guard")}
        choices={named("guard")}
        chosen={draft.guards}
        several
        none={t("ticket.nobody")}
        onChosen={(guards) => onDraft({ guards })}
      />
      <Pick
        label={term("role", "worker")}
        choices={named("worker")}
        chosen={draft.workers}
        several
        none={t("ticket.nobody")}
        onChosen={(workers) => onDraft({ workers })}
      />
    </>
  );
}

interface FoldedProps extends Props {
  draft: Draft;
  onDraft: (change: Partial<Draft>) => void;
}

/** Each is right as it stands for most tickets, and says how it stands. */
function Folded({ draft, offers, areas, live, onDraft }: Omit<FoldedProps, "me">) {
  const at = pointOf(draft, offers);
  const asked = draft.work?.measures.length ?? 0;
  const taken = asked - draft.left_out.length + draft.own.length;
  return (
    <>
      {draft.area && at && (
        <details class="rest">
          <summary class="button">
            {t("point.now", {
              place: t(draft.point ? "point.at" : "point.middle", { x: at.x_m, y: at.y_m }),
            })}
          </summary>
          <PointPick
            area={draft.area}
            areas={areas}
            offered={offers.points[draft.area.id] ?? []}
            at={at}
            isMiddle={draft.point === null}
            onPoint={(point) => onDraft({ point })}
          />
        </details>
      )}
      <details class="rest">
        <summary class="button">
          {t("measure.title", { taken })}
          {draft.left_out.length > 0 && ` · ${t("measure.some_left_out", { count: draft.left_out.length })}`}
        </summary>
        <Measures draft={draft} offers={offers} live={live} onDraft={onDraft} />
      </details>
      <details class="rest">
        <summary class="button">
          {t("ticket.more", { scopes: draft.scopes.length, linked: draft.linked.length })}
        </summary>
        <Scopes draft={draft} offers={offers} onDraft={onDraft} />
        <Linked draft={draft} live={live} onDraft={onDraft} />
      </details>
    </>
  );
}

/** What the box adds by itself, and who has to sign afterwards. */
function Added({ draft, offers, live }: { draft: Draft; offers: Offers; live: Live }) {
  const names = namesOf(live);
  const devices = (offers.devices[draft.area?.id ?? ""] ?? []).map((id) => names.get(id) ?? id);
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

interface TextProps {
  label: string;
  value: string;
  most?: number;
  onText: (text: string) => void;
}

function Text({ label, value, most = 64, onText }: TextProps) {
  return (
    <label class="field">
      {label}
      <input value={value} maxLength={most} onInput={(event) => onText(event.currentTarget.value)} />
    </label>
  );
}
