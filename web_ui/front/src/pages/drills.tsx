/** Drills: begun and ended at the permit's page by whoever may, and the reports of the last ones. */
import "../styles/office.css";
import "../styles/righting.css";
import { useState } from "preact/hooks";
import { session } from "../api/session.ts";
import type { Permit } from "../api/shapes/permit.ts";
import { Icon } from "../parts/icon.tsx";
import { cut } from "../parts/name.tsx";
import { NotLive, useShown } from "../parts/notlive.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Tables, useReview } from "../review/tables.tsx";
import { Link } from "../router.tsx";
import { useStore } from "../store.ts";
import { said, t, term } from "../words/words.ts";
import { Days } from "./review.tsx";

export function Drills() {
  const [days, setDays] = useState(90);
  const review = useReview("drills", days);
  return (
    <div class="flow">
      <Begin />
      <section class="card office review">
        <h2>{t("review.drills")}</h2>
        <Days days={days} onDays={setDays} />
        <Tables kind="drills" days={days} review={review} />
      </section>
    </div>
  );
}

function Begin() {
  const { live } = useShown();
  const me = useStore(session)?.who?.id ?? "";
  const some = (live?.permits ?? [])
    .map((permit) => ({ permit, step: stepOf(permit, me) }))
    .filter(({ permit, step }) => step || permit.drill);
  return (
    <section class="card office">
      <NotLive />
      <h1>{t("drills.title")}</h1>
      <p>{t("drills.who")}</p>
      {!live && <Waiting what={t("wait.picture")} />}
      {live && some.length === 0 && <p class="empty">{t("drills.none")}</p>}
      {some.map(({ permit, step }) => (
        <div class="drillable" key={permit.id}>
          <p>
            <b>{term("type", permit.type)}</b> · {said(permit.area)} · {cut(permit.id, 40)}
          </p>
          {permit.drill && <p class="mark played">{t("drills.playing", { name: cut(permit.drill, 40) })}</p>}
          {step && (
            <Link class="button main" to={`/p/${encodeURIComponent(permit.id)}?do=${step}`}>
              <Icon of="drill" /> {t(step === "drill" ? "drills.start" : "drills.end", { permit: permit.id })}
            </Link>
          )}
        </div>
      ))}
      <p class="hint">{t("drills.comes_next")}</p>
    </section>
  );
}

/** The step that the box offers him: it alone decides who may. */
function stepOf(permit: Permit, me: string): "drill" | "end_drill" | null {
  const offered = permit.next.filter((one) => one.persons.includes(me)).map((one) => one.ask);
  if (offered.includes("end_drill")) return "end_drill";
  return offered.includes("drill") ? "drill" : null;
}
