/** Detectors with what is due of them, another one put in the place of one; sirens and lamps tried by hand. */
import "../styles/devices.css";
import "../styles/gas.css";
import "../styles/zones.css";
import "../styles/settings.css";
import { useEffect, useState } from "preact/hooks";
import { session } from "../api/session.ts";
import { settingsNow } from "../api/settings.ts";
import type { Gas } from "../api/shapes/gas.ts";
import type { Settings } from "../api/shapes/settings.ts";
import { keepsDevices } from "../devices/findings.ts";
import { Others } from "../devices/others.tsx";
import { scanned, useScanned } from "../devices/scanned.ts";
import { Swap } from "../devices/swap.tsx";
import { Testing } from "../devices/testing.tsx";
import { TryOut } from "../devices/tryout.tsx";
import { qualityWord } from "../event/curves.tsx";
import { Due } from "../gas/due.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { formula, sampled } from "../parts/gas.tsx";
import { Icon } from "../parts/icon.tsx";
import { NotLive, useShown } from "../parts/notlive.tsx";
import { tell } from "../parts/told.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Link } from "../router.tsx";
import { useStore } from "../store.ts";
import { said, t } from "../words/words.ts";

export function Detectors() {
  useScanned();
  const { live, stale, now_utc } = useShown();
  const [now, setNow] = useState<Settings | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [swapping, setSwapping] = useState<string | null>(null);
  const keeps = keepsDevices(useStore(session)?.who?.roles ?? []);
  const load = () => {
    if (keeps) settingsNow().then(setNow, setFailed);
  };
  useEffect(load, [keeps]);
  const swapped = () => {
    tell(() => t("settings.saved"));
    setSwapping(null);
    load();
  };
  if (failed !== null) return <FaultCard thrown={failed} />;
  if (keeps && !now) return <Waiting what={t("settings.comes")} />;
  const rows = (now?.values.gas as Record<string, unknown> | undefined) ?? {};
  const ids = now ? Object.keys(rows) : (live?.gas ?? []).map((one) => one.id);
  return (
    <div class="board settings flow">
      <NotLive />
      <h1>{t("detectors.title")}</h1>
      {keeps && (
        <Link to="/labels" class="button">
          {t("labels.title")}
        </Link>
      )}
      <section class={stale ? "card devices stale" : "card devices"} aria-label={t("detectors.all")}>
        <h2>{t("detectors.all")}</h2>
        <ul class="findings detectors">
          {ids.map((id) => (
            <li key={id} {...scanned(id)}>
              <Detector
                id={id}
                gas={live?.gas.find((one) => one.id === id)}
                now_utc={now_utc ?? Number.POSITIVE_INFINITY}
              />
              {now && swapping !== id && (
                <button type="button" class="button" onClick={() => setSwapping(id)}>
                  {t("detectors.swap", { id })}
                </button>
              )}
            </li>
          ))}
        </ul>
      </section>
      <Others devices={live?.devices ?? []} stale={stale} />
      {now && swapping !== null && (
        <Swap
          key={swapping + now.sha256}
          id={swapping}
          now={now}
          onSaved={swapped}
          onLeave={() => setSwapping(null)}
        />
      )}
      {now && <TryOut values={now.values} live={live} />}
    </div>
  );
}

function Detector({ id, gas, now_utc }: { id: string; gas: Gas | undefined; now_utc: number }) {
  if (!gas) {
    return (
      <div>
        <b>{id}</b>
        <p>{t("detectors.unknown")}</p>
      </div>
    );
  }
  return (
    <div>
      <p>
        <Icon of={gas.quality === "good" ? "may_work" : "gone"} />{" "}
        <b>
          {formula(gas.gas)} {said(gas.name)}
        </b>{" "}
        <small>{id}</small>
      </p>
      <p>
        {sampled(gas)}
        {gas.quality === "good" && ` · ${qualityWord(gas.quality)}`}
      </p>
      <Due gas={gas} now_utc={now_utc} />
      {said(gas.against) !== "" && (
        <p class="against" role="alert">
          <Icon of="warning" /> {t("testing.against", { why: said(gas.against) })}
        </p>
      )}
      <Testing gas={gas} />
    </div>
  );
}
