/** Every gas channel as a chart, from a quarter of an hour to a month; and which detector is due for what. */
import "../styles/event.css";
import "../styles/gas.css";
import { useEffect, useState } from "preact/hooks";
import { lastCurves } from "../api/history.ts";
import type { Curve } from "../api/shapes/history.ts";
import { Channel } from "../gas/channel.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { NotLive, useShown } from "../parts/notlive.tsx";
import { useBoxTime } from "../parts/now.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { t } from "../words/words.ts";

const AGAIN_MS = 4000;
const NO_CURVE: Curve = { from_utc: 0, step_s: 0, levels: [], quality: [] };
/** In hours; null: the last quarter of an hour. */
const WHILES = [
  ["history.quarter", null],
  ["history.hour", 1],
  ["history.shift", 8],
  ["history.day", 24],
  ["history.week", 168],
  ["history.month", 720],
] as const;

export function Gas() {
  const { live } = useShown();
  const { now_utc } = useBoxTime();
  const [hours, setHours] = useState<number | null>(24);
  const { curves, failed } = useCurves(hours === null);
  return (
    <div class="flow">
      <NotLive />
      <section class="card">
        <h1>{t("history.title")}</h1>
        <fieldset class="whiles" aria-label={t("history.while")}>
          {WHILES.map(([word, lasts]) => (
            <button
              key={word}
              type="button"
              class="button"
              aria-pressed={lasts === hours}
              onClick={() => setHours(lasts)}
            >
              {t(word)}
            </button>
          ))}
        </fieldset>
        <p class="hint">{t("history.about")}</p>
        {hours === null && failed !== null && <FaultCard thrown={failed} />}
      </section>
      {!live && <Waiting what={t("wait.picture")} />}
      {live?.gas.length === 0 && <p class="card empty">{t("gas.none")}</p>}
      <div class="curves">
        {live?.gas.map((one) => (
          <Channel
            key={one.id}
            gas={one}
            hours={hours}
            curve={hours === null && curves ? (curves[one.id] ?? NO_CURVE) : null}
            now_utc={now_utc}
          />
        ))}
      </div>
    </div>
  );
}

/** The curves of all channels, again and again while they are wanted. */
function useCurves(wanted: boolean) {
  const [curves, setCurves] = useState<Record<string, Curve> | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    if (!wanted) return;
    const ask = () => {
      lastCurves().then((found) => {
        setFailed(null);
        setCurves(found.channels);
      }, setFailed);
    };
    ask();
    const timer = setInterval(ask, AGAIN_MS);
    return () => clearInterval(timer);
  }, [wanted]);
  return { curves, failed };
}
