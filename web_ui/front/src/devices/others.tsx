/** Relays, wearables, cameras and the rest: what is vouched for of each, and who enters it. */
import { useState } from "preact/hooks";
import { session } from "../api/session.ts";
import type { OtherDevice } from "../api/shapes/gas.ts";
import { Icon } from "../parts/icon.tsx";
import { useStore } from "../store.ts";
import { said, t } from "../words/words.ts";
import { tests } from "./findings.ts";
import { scanned } from "./scanned.ts";
import { VouchForm } from "./testing.tsx";

export function Others({ devices, stale }: { devices: OtherDevice[]; stale: boolean }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const roles = useStore(session)?.who?.roles ?? [];
  if (devices.length === 0) return null;
  return (
    <section class={stale ? "card devices stale" : "card devices"} aria-label={t("testing.others")}>
      <h2>{t("testing.others")}</h2>
      <ul class="findings detectors">
        {devices.map((one) => (
          <li key={one.id} {...scanned(one.id)}>
            <div>
              <p>
                <Icon of={one.wanted ? "warning" : "may_work"} /> <b>{said(one.name)}</b>{" "}
                <small>{one.id}</small>
              </p>
              <p>{standing(one)}</p>
              {chosen === one.id && <VouchForm id={one.id} days={null} onDone={() => setChosen(null)} />}
            </div>
            {tests(roles) && chosen !== one.id && (
              <button type="button" class="button" onClick={() => setChosen(one.id)}>
                {t("testing.check")}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function standing({ record, wanted }: OtherDevice): string {
  if (record === null) return t(wanted ? "testing.none" : "testing.none_needed");
  if (record.status !== "in_service") return t("testing.withdrawn");
  if (record.self_test_ok === false) return t("history.self_test_failed");
  return t(wanted ? "testing.run_out" : "testing.good");
}
