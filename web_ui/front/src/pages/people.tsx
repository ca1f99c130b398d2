/** Who is known on this box: listed for everybody, added, denied and given a PIN or badge by the administrator. */
import "../styles/tickets.css";
import { useEffect, useState } from "preact/hooks";
import { everybody, learnPeople } from "../api/people.ts";
import { session } from "../api/session.ts";
import type { Form, Known } from "../api/types.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Name } from "../parts/name.tsx";
import { tell } from "../parts/told.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { useStore } from "../store.ts";
import { Pick } from "../tickets/pick.tsx";
import { Sign } from "../tickets/sign.tsx";
import { t, term } from "../words/words.ts";

const ROLES = [
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
  "admin",
];
const SHORTEST_PIN = 4;

export function People() {
  const admin = useStore(session)?.who?.roles.includes("admin") ?? false;
  const [known, setKnown] = useState<Known[] | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [editing, setEditing] = useState<Known | null>(null);
  const learn = () => {
    everybody().then(setKnown, setFailed);
    void learnPeople();
  };
  useEffect(learn, []);
  if (failed !== null) return <FaultCard thrown={failed} again={() => location.reload()} />;
  if (!known) return <Waiting what={t("roster.comes")} />;
  if (editing) {
    const isNew = !known.some((one) => one.id === editing.id);
    const done = () => {
      setEditing(null);
      learn();
    };
    return <Edit who={editing} isNew={isNew} onDone={done} />;
  }
  return (
    <section class="card">
      <h1>{t("roster.title")}</h1>
      {admin && (
        <button type="button" class="button main" onClick={() => setEditing(NOBODY)}>
          {t("roster.add")}
        </button>
      )}
      <ul class="roster">
        {known.map((one) => (
          <li key={one.id}>
            <p>
              <b>
                <Name of={one.name} />
              </b>{" "}
              <small>
                <Name of={one.id} />
              </small>
              <span>{one.roles.map((role) => term("role", role)).join(" · ")}</span>
              {one.denied && <strong class="denied">{t("roster.is_denied")}</strong>}
            </p>
            {admin && (
              <button type="button" class="button" onClick={() => setEditing(one)}>
                {t("roster.change")}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

const NOBODY: Known = { id: "", name: "", roles: [], areas: [], language: "zh", denied: false };

interface Filled {
  id: string;
  name: string;
  roles: string[];
  language: string;
  denied: boolean;
  why: string;
  pin: string;
  badge: string;
}

function Edit({ who, isNew, onDone }: { who: Known; isNew: boolean; onDone: () => void }) {
  const [filled, setFilled] = useState<Filled>({ ...who, why: "", pin: "", badge: "" });
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
  const form = formOf(filled, who, isNew);
  return (
    <section class="card">
      <h1>{isNew ? t("roster.add") : who.name}</h1>
      {isNew && field("id")}
      {field("name")}
      <Pick
        label={t("roster.roles")}
        choices={ROLES.map((role) => ({ id: role, words: term("role", role) }))}
        chosen={filled.roles}
        several
        none=""
        onChosen={(roles) => set({ roles })}
      />
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
      {!form && <p class="hint">{t("roster.missing", { least: SHORTEST_PIN })}</p>}
      <Sign
        words={t("roster.save")}
        form={form}
        onDone={() => {
          tell(t("roster.saved", { name: filled.name }));
          onDone();
        }}
      />
      <button type="button" class="button" onClick={onDone}>
        {t("task.back")}
      </button>
    </section>
  );
}

/** What is left empty stays as it is; a new person needs a name, a role and a proof, a refusal its reason. */
function formOf(filled: Filled, before: Known, isNew: boolean): Form | null {
  const { roles, language, denied, pin, badge } = filled;
  const id = filled.id.trim();
  const name = filled.name.trim();
  const why = filled.why.trim();
  if (!id || !name || roles.length === 0) return null;
  if (isNew && !pin && !badge) return null;
  if (pin && !/^\d{4,12}$/.test(pin)) return null;
  if (denied && !before.denied && !why) return null;
  const refusal = denied ? why && { denied: why } : before.denied && { denied: "" };
  return {
    ask: "person",
    record: { id, name, roles, language, ...(refusal || {}) },
    ...(pin && { new_pin: pin }),
    ...(badge && { new_badge: badge }),
  };
}
