/** For an auditor: whether the chain of the records holds, and the records of a day to take along. */
import "../styles/office.css";
import { useState } from "preact/hooks";
import { checkRecords, useCalculation } from "../api/incident.ts";
import { session } from "../api/session.ts";
import { FaultCard } from "../parts/fault.tsx";
import { useBoxTime } from "../parts/now.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { BundlePart } from "../play/bundle.tsx";
import { readsOnly } from "../play/reviews.ts";
import { Link } from "../router.tsx";
import { useStore } from "../store.ts";
import { dayEnds, siteDay } from "../words/times.ts";
import { said, t } from "../words/words.ts";

const DAY_S = 86400;

export function Audit() {
  const { told, failed, take } = useCalculation();
  const looks = readsOnly(useStore(session)?.who?.roles ?? []);
  const verified = told?.verified ?? null;
  return (
    <div class="flow">
      <section class="card office">
        <h1>{t("audit.title")}</h1>
        <p>{t("audit.about")}</p>
        <button
          type="button"
          class="button main"
          disabled={told?.running}
          onClick={() => take(checkRecords())}
        >
          {t("audit.check")}
        </button>
        {failed !== null && <FaultCard thrown={failed} />}
        {told?.running && <Waiting what={t("audit.checking")} />}
        {told && said(told.failed) !== "" && <p role="alert">{said(told.failed)}</p>}
        {verified && (
          <div class="verdict" data-holds={verified.holds} role="status">
            <p>
              <b>{t(verified.holds ? "audit.holds" : "audit.broken")}</b>
            </p>
            {verified.said.map((one) => (
              <p key={one.zh}>{said(one)}</p>
            ))}
          </div>
        )}
        <p class="hint">{t("audit.elsewhere")}</p>
      </section>
      {!looks && <Taken />}
      <section class="card office">
        <Link class="button" to="/alarms">
          {t("audit.events")}
        </Link>
        <Link class="button" to="/day">
          {t("day.title")}
        </Link>
      </section>
    </div>
  );
}

function Taken() {
  const { now_utc } = useBoxTime();
  const today = siteDay(now_utc ?? Date.now() / 1000);
  const [chosen, setChosen] = useState("");
  const date = chosen || today;
  const ends = dayEnds(date);
  return (
    <section class="card office">
      <h2>{t("audit.take")}</h2>
      <label class="field">
        {t("day.date")}
        <input
          type="date"
          value={date}
          max={today}
          onInput={(changed) => setChosen(changed.currentTarget.value)}
        />
      </label>
      {ends !== null && <BundlePart key={date} about={`${ends - DAY_S}to${ends}`} />}
    </section>
  );
}
