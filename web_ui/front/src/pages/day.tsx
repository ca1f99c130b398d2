/** The table of one day: six indicators, what this box knows of each, and what it does not. */
import "../styles/office.css";
import "../styles/righting.css";
import { useEffect, useState } from "preact/hooks";
import { API, call, RECORDS_MS } from "../api/client.ts";
import type { DayTable, Indicator } from "../api/shapes/day.ts";
import { ToDo } from "../board/todo.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { useBoxTime } from "../parts/now.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { dateAndClock, siteDay } from "../words/times.ts";
import { said, t } from "../words/words.ts";

const DAY_S = 86400;

export function Day() {
  const { now_utc } = useBoxTime();
  const now = now_utc ?? Date.now() / 1000;
  const today = siteDay(now);
  const [chosen, setChosen] = useState("");
  const date = chosen || siteDay(now - DAY_S); // the last whole day
  const [tries, setTries] = useState(0);
  const [found, setFound] = useState<DayTable | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew when somebody tries again
  useEffect(() => {
    let left = false;
    setFound(null);
    setFailed(null);
    call<DayTable>("GET", `/days/${encodeURIComponent(date)}`, undefined, RECORDS_MS).then(
      (table) => left || setFound(table),
      (thrown) => left || setFailed(thrown),
    );
    return () => {
      left = true;
    };
  }, [date, tries]);
  return (
    <section class="card office">
      <h1>{t("day.title")}</h1>
      <label class="field">
        {t("day.date")}
        <input
          type="date"
          value={date}
          max={today}
          onInput={(changed) => setChosen(changed.currentTarget.value)}
        />
      </label>
      <div class="tabs">
        {(["yesterday", "today"] as const).map((which) => {
          const day = which === "today" ? today : siteDay(now - DAY_S);
          return (
            <button
              type="button"
              class="button"
              key={which}
              aria-pressed={date === day}
              onClick={() => setChosen(day)}
            >
              {t(`day.${which}`)}
            </button>
          );
        })}
      </div>
      {failed !== null && <FaultCard thrown={failed} again={() => setTries(tries + 1)} />}
      {!found && failed === null && <Waiting what={t("day.comes")} />}
      {found &&
        (found.begins_utc ? <Before utc={found.begins_utc} choose={setChosen} /> : <Table day={found} />)}
    </section>
  );
}

/** The day lies before anything was counted here: neither good nor bad, and the first days there are. */
function Before({ utc, choose }: { utc: number; choose: (day: string) => void }) {
  const [first, whole] = [siteDay(utc), siteDay(utc + DAY_S)];
  return (
    <div class="unwatched" role="status">
      <h2>{t("day.before_title")}</h2>
      <p>{t("day.begins", { since: dateAndClock(utc) })}</p>
      <p>{t("day.first", { first, whole })}</p>
      <button type="button" class="button main" onClick={() => choose(first)}>
        {t("day.show_first", { first })}
      </button>
      <ToDo />
    </div>
  );
}

function Table({ day }: { day: DayTable }) {
  return (
    <>
      <p>
        {day.date} · {said(day.site)}
        {day.running && ` · ${t("day.running")}`}
        {said(day.whole) !== "" && ` · ${said(day.whole)}`}
      </p>
      {day.demo && <p class="mark">{t("page.demo")}</p>}
      <ul class="indicators">
        {day.indicators.map((one) => (
          <Row key={one.row} one={one} />
        ))}
      </ul>
      <div class="files">
        {(["pdf", "csv"] as const).map((kind) => (
          <a
            class="button"
            key={kind}
            href={`${API}/days/${day.date}/table.${kind}`}
            download={`day-${day.date}.${kind}`}
          >
            {t(kind === "pdf" ? "day.pdf" : "day.csv")}
          </a>
        ))}
      </div>
    </>
  );
}

function Row({ one }: { one: Indicator }) {
  return (
    <li data-met={String(one.met)} data-row={one.row}>
      <h2>{said(one.name)}</h2>
      <p class="value">
        <b>{value(one)}</b> {one.met !== null && <strong>{t(one.met ? "day.met" : "day.missed")}</strong>}
      </p>
      <p>
        {t("day.target", { target: said(one.target) })}
        {one.before_pct !== null && ` · ${t("day.before", { pct: one.before_pct.toFixed(1) })}`}
      </p>
      <p>{said(one.counts)}</p>
      {said(one.lacks) !== "" && <p class="lacks">{t("day.lacks", { what: said(one.lacks) })}</p>}
    </li>
  );
}

function value(one: Indicator): string {
  if (one.value_pct !== null) return `${one.value_pct.toFixed(1)} %`;
  return t(one.here ? "day.nothing" : "day.not_known");
}
