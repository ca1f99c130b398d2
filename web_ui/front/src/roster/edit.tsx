/** One person's record as an administrator fills it in. */
import { useEffect, useState } from "preact/hooks";
import { call } from "../api/client.ts";
import type { Known } from "../api/shapes/people.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import type { Offers } from "../api/shapes/tickets.ts";
import { Day } from "../parts/day.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { useShown } from "../parts/notlive.tsx";
import { tell } from "../parts/told.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { type Choice, Pick } from "../tickets/pick.tsx";
import { Sign } from "../tickets/sign.tsx";
import { siteDay } from "../words/times.ts";
import { said, t, term } from "../words/words.ts";
import { Qualified } from "./licences.tsx";
import { type Filled, filledOf, formOf, INSPECTOR, lacking, SHORTEST_PIN } from "./record.ts";

export const ROLES = [
  "worker",
  "guard",
  "holder",
  "tester",
  "shift_lead",
  "area_owner",
  "safety_officer",
  "technician",
  "auditor",
  "viewer",
  "inspector",
  "admin",
];
export const CAPACITIES = [
  "workshop_manager",
  "safety_director",
  "manager",
  "specialist_department",
  "power_supplier",
  "entry_supervisor",
];

interface Props {
  who: Known;
  isNew: boolean;
  onDone: () => void;
}

export function Edit(props: Props) {
  const [offers, setOffers] = useState<Offers | null>(null);
  const [areas, setAreas] = useState<PlanArea[]>([]);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    call<Offers>("GET", "/works").then(setOffers, setFailed);
    call<{ areas: PlanArea[] }>("GET", "/plan").then((plan) => setAreas(plan.areas), setFailed);
  }, []);
  if (failed !== null) return <FaultCard thrown={failed} again={() => location.reload()} />;
  if (!offers) return <Waiting what={t("roster.comes")} />;
  return <Fields {...props} offers={offers} areas={areas} />;
}

function Fields({ who, isNew, onDone, offers, areas }: Props & { offers: Offers; areas: PlanArea[] }) {
  const [filled, setFilled] = useState<Filled>(() => filledOf(who));
  const { now_utc } = useShown();
  const set = (change: Partial<Filled>) => setFilled({ ...filled, ...change });
  const shared = (name: "id" | "name" | "why" | "pin" | "badge") => ({
    value: filled[name],
    autocomplete: "off" as const,
    maxLength: 100,
    onInput: (event: { currentTarget: HTMLInputElement }) => set({ [name]: event.currentTarget.value }),
  });
  const field = (name: "id" | "name" | "why") => (
    <label class="field">
      {t(`roster.${name}` as const)}
      <input {...shared(name)} />
    </label>
  );
  const secret = (name: "pin" | "badge") => (
    <label class="field">
      {t(`roster.${name}` as const)}
      <input type="password" data-badge={name === "badge" ? true : undefined} {...shared(name)} />
    </label>
  );
  const several = (name: "roles" | "areas" | "signs_as", choices: Choice[]) => (
    <Pick
      label={t(`roster.${name}` as const)}
      choices={choices}
      chosen={filled[name]}
      several
      none={t("roster.none")}
      onChosen={(chosen) => set({ [name]: chosen })}
    />
  );
  const missing = lacking(filled, who, isNew);
  return (
    <section class="card">
      <h1>{isNew ? t("roster.add") : who.name}</h1>
      {isNew && field("id")}
      {field("name")}
      {several("roles", named(ROLES))}
      {filled.roles.includes(INSPECTOR) && (
        <Day
          label={t("roster.inspects_until")}
          today={siteDay(now_utc ?? 0)}
          past={t("roster.has_run_out")}
          day={filled.inspects_until}
          onDay={(inspects_until) => set({ inspects_until })}
        />
      )}
      <Pick
        label={t("claim.language")}
        choices={[
          { id: "zh", words: "中文" },
          { id: "en", words: "English" },
        ]}
        chosen={[filled.language]}
        none=""
        onChosen={([language = "zh"]) => set({ language })}
      />
      {secret("pin")}
      {secret("badge")}
      <Pick
        label={t("roster.tag")}
        choices={[
          { id: "", words: t("roster.no_tag") },
          ...offers.wearables.map((id) => ({ id, words: id })),
        ]}
        chosen={[filled.tag]}
        none=""
        onChosen={([tag = ""]) => set({ tag })}
      />
      <Qualified filled={filled} scopes={offers.scopes} now_utc={now_utc ?? 0} onChange={set} />
      <details class="rest">
        <summary class="button">{t("roster.rest")}</summary>
        {several(
          "areas",
          areas.map((one) => ({ id: one.id, words: said(one.name) })),
        )}
        {several("signs_as", named(CAPACITIES))}
      </details>
      {!isNew && (
        <Pick
          label={t("roster.works")}
          choices={[
            { id: "yes", words: t("roster.may_work") },
            { id: "no", words: t("roster.is_denied") },
          ]}
          chosen={[filled.denied ? "no" : "yes"]}
          none=""
          onChosen={([works]) => set({ denied: works === "no" })}
        />
      )}
      {filled.denied && field("why")}
      {missing && <p class="hint">{t(`roster.lacks_${missing}` as const, { least: SHORTEST_PIN })}</p>}
      <Sign
        words={t("roster.save")}
        form={formOf(filled, who, isNew)}
        onDone={() => {
          tell(() => t("roster.saved", { name: filled.name }));
          onDone();
        }}
      />
      <button type="button" class="button" onClick={onDone}>
        {t("task.back")}
      </button>
    </section>
  );
}

const named = (ids: string[]) => ids.map((id) => ({ id, words: term("role", id) }));
