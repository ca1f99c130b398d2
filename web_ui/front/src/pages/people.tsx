/** Who is known on this box: listed for everybody, added, denied and given a PIN or badge by the administrator. */
import "../styles/tickets.css";
import { useState } from "preact/hooks";
import { learnPeople, people } from "../api/people.ts";
import { session } from "../api/session.ts";
import type { Form, Who } from "../api/types.ts";
import { Name } from "../parts/name.tsx";
import { tell } from "../parts/told.tsx";
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
  const known = [...useStore(people).values()];
  const admin = useStore(session)?.who?.roles.includes("admin") ?? false;
  const [editing, setEditing] = useState<Who | null>(null);
  if (editing)
    return <Edit who={editing} isNew={!known.some((one) => one.id === editing.id)} onDone={done} />;
  function done() {
    setEditing(null);
    void learnPeople();
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

const NOBODY: Who = { id: "", name: "", roles: [], areas: [], language: "zh" };

interface Filled {
  id: string;
  name: string;
  roles: string[];
  language: string;
  denied: string;
  pin: string;
  badge: string;
}

function Edit({ who, isNew, onDone }: { who: Who; isNew: boolean; onDone: () => void }) {
  const [filled, setFilled] = useState<Filled>({ ...who, denied: "", pin: "", badge: "" });
  const set = (change: Partial<Filled>) => setFilled({ ...filled, ...change });
  const shared = (name: "id" | "name" | "denied" | "pin" | "badge") => ({
    value: filled[name],
    autocomplete: "off" as const,
    maxLength: 100,
    onInput: (event: { currentTarget: HTMLInputElement }) => set({ [name]: event.currentTarget.value }),
  });
  const field = (name: "id" | "name" | "denied") => (
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
  const form = formOf(filled, isNew);
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
      {!isNew && field("denied")}
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

/** What is left empty stays as it is; a new person needs a name, a role and a proof. */
function formOf({ id, name, roles, language, denied, pin, badge }: Filled, isNew: boolean): Form | null {
  if (!id.trim() || !name.trim() || roles.length === 0) return null;
  if (isNew && !pin && !badge) return null;
  if (pin && !/^\d{4,12}$/.test(pin)) return null;
  return {
    ask: "person",
    record: {
      id: id.trim(),
      name: name.trim(),
      roles,
      language,
      ...(denied.trim() && { denied: denied.trim() }),
    },
    ...(pin && { new_pin: pin }),
    ...(badge && { new_badge: badge }),
  };
}
