/** Commissioning, for a phone in a technician's hand: what to try, what the box has measured, the certificate. */
import "../styles/devices.css";
import { useCallback, useEffect, useState } from "preact/hooks";
import { commissioning, type Commissioning as Standing } from "../api/commissioning.ts";
import { called } from "../api/people.ts";
import { ActForm } from "../commissioning/act.tsx";
import { Items } from "../commissioning/items.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { dateAndClock } from "../words/times.ts";
import { said, t } from "../words/words.ts";

const AGAIN_MS = 2000;
const SHIFT_S = 8 * 3600; // edge_agent/decide/commissioning_gate.py

export function Commissioning() {
  const { now, failed, again } = useStanding();
  const [whole, setWhole] = useState<"begin" | "agree" | "finish" | "drop" | null>(null);
  const done = () => {
    setWhole(null);
    again();
  };
  if (failed !== null) return <FaultCard thrown={failed} />;
  if (now === null) return <Waiting what={t("commissioning.title")} />;
  const open = now.begun_by !== "";
  const shut = now.demanded && open && now.opened_utc === null && now.against.length > 0;
  const steps = open
    ? ([...(shut ? (["agree"] as const) : []), "finish", "drop"] as const)
    : (["begin"] as const);
  return (
    <div class="flow">
      <section class="card devices">
        <h1>{t("commissioning.title")}</h1>
        <p>{t(now.demanded ? "commissioning.demanded" : "commissioning.not_demanded")}</p>
        <p>
          {now.certificate === ""
            ? t("commissioning.none")
            : t("commissioning.certificate", {
                number: now.certificate,
                until: dateAndClock(now.valid_until_utc ?? 0),
              })}
        </p>
        {now.void.map((words) => (
          <p role="alert" key={words.en}>
            {said(words)}
          </p>
        ))}
        <p>
          {open ? t("commissioning.under_way", { name: called(now.begun_by) }) : t("commissioning.about")}
        </p>
        {now.demanded && !open && <p>{t("commissioning.graces", { count: now.graces_left })}</p>}
        {open && now.opened_utc !== null && (
          <p>{t("commissioning.opened", { until: dateAndClock(now.opened_utc + SHIFT_S) })}</p>
        )}
        {shut && <p role="alert">{t("commissioning.shut")}</p>}
        {!now.centre && <p>{t("commissioning.no_centre")}</p>}
        {steps.map((step) => (
          <button key={step} type="button" class="button" onClick={() => setWhole(step)}>
            {t(`commissioning.${step}`)}
          </button>
        ))}
        {whole && <ActForm step={{ do: whole }} why={t("commissioning.remark")} onDone={done} />}
      </section>
      {/* one form at a time: a badge that is held signs whatever asks for one */}
      <Items now={now} open={open} alone={whole === null} onDone={again} />
    </div>
  );
}

/** What the box measures by itself appears here without anybody's touch. */
function useStanding() {
  const [now, setNow] = useState<Standing | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const again = useCallback(() => {
    commissioning().then((told) => {
      setFailed(null);
      setNow(told);
    }, setFailed);
  }, []);
  useEffect(() => {
    again();
    const timer = setInterval(again, AGAIN_MS);
    return () => clearInterval(timer);
  }, [again]);
  return { now, failed, again };
}
