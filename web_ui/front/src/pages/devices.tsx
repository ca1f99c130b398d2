/** What is wrong with the field, layer by layer from the plug, each with its remedy; and how wearables are heard. */
import "../styles/devices.css";
import { useCallback, useEffect, useState } from "preact/hooks";
import { lastLook, lookAnew } from "../api/look.ts";
import type { Look } from "../api/shapes/look.ts";
import { Found } from "../devices/found.tsx";
import { Supply } from "../devices/supply.tsx";
import { BoxTime } from "../devices/time.tsx";
import { Wearables } from "../devices/wearables.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { NotLive, useShown } from "../parts/notlive.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Link } from "../router.tsx";
import { clock } from "../words/times.ts";
import { said, t } from "../words/words.ts";

const AGAIN_MS = 1000;

export function Devices() {
  const { live, stale } = useShown();
  const { look, failed, again } = useLook();
  const last = look?.last ?? null;
  const running = look?.running ?? true;
  return (
    <div class="flow">
      <section class="card devices">
        <h1>{t("devices.title")}</h1>
        <p>{t("devices.about")}</p>
        <button type="button" class="button main" disabled={running && failed === null} onClick={again}>
          {t("devices.again")}
        </button>
        <Link to="/commissioning" class="button">
          {t("commissioning.title")}
        </Link>
        {failed !== null && <FaultCard thrown={failed} />}
        {running && failed === null && <Waiting what={t("devices.looking")} />}
        {last && (
          <p>
            {t("devices.looked_at", { time: clock(last.at_utc) })}{" "}
            <a class="button quiet" href="/api/v1/doctor" target="_blank" rel="noreferrer">
              JSON
            </a>
          </p>
        )}
        {last && said(last.failed) !== "" && <p role="alert">{said(last.failed)}</p>}
      </section>
      {last && said(last.failed) === "" && <Found findings={last.findings} old={running} />}
      <section class="card devices">
        <h2>{t("devices.time")}</h2>
        {live?.clock && !stale && <BoxTime clock={live.clock} />}
        {(!live?.clock || stale) && <p>{t("devices.time_unknown")}</p>}
      </section>
      <section class="card devices" aria-label={t("devices.supply")}>
        <h2>{t("devices.supply")}</h2>
        {live?.supply && !stale ? <Supply supply={live.supply} /> : <p>{t("devices.time_unknown")}</p>}
      </section>
      <section class="card devices">
        <h2>{t("devices.wearables")}</h2>
        <NotLive />
        {live && !stale && <Wearables all={live.wearables} />}
      </section>
    </div>
  );
}

/** The first look begins by itself; while one runs, its end is asked for. */
function useLook() {
  const [look, setLook] = useState<Look | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const take = useCallback((asked: Promise<Look>) => {
    asked.then((told) => {
      setFailed(null);
      setLook(told);
    }, setFailed);
  }, []);
  const again = useCallback(() => take(lookAnew()), [take]);
  useEffect(() => {
    lastLook().then((told) => (told.last || told.running ? setLook(told) : again()), setFailed);
  }, [again]);
  useEffect(() => {
    if (!look?.running) return;
    const timer = setTimeout(() => take(lastLook()), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [look, take]);
  return { look, failed, again };
}
