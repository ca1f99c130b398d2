/** Who is known on this box: listed for everybody, added, denied and given a PIN or badge by the administrator. */
import "../styles/tickets.css";
import { useEffect, useState } from "preact/hooks";
import { everybody, learnPeople } from "../api/people.ts";
import { session } from "../api/session.ts";
import type { Known } from "../api/shapes/people.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Name } from "../parts/name.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Edit } from "../roster/edit.tsx";
import { NOBODY } from "../roster/record.ts";
import { Link } from "../router.tsx";
import { useStore } from "../store.ts";
import { t, term } from "../words/words.ts";

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
        <p class="flow">
          <button type="button" class="button main" onClick={() => setEditing(NOBODY)}>
            {t("roster.add")}
          </button>
          <Link to="/setup/people" class="button">
            {t("sheet.open")}
          </Link>
        </p>
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
