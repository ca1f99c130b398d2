/** The findings of one look: faults by layer, then what could not be looked at, then what is fine. */
import type { Finding } from "../api/shapes/look.ts";
import { Icon } from "../parts/icon.tsx";
import { said, t } from "../words/words.ts";
import { allFine, faultsByLayer, LAYERS, standing } from "./findings.ts";

export function Found({ findings, old }: { findings: Finding[]; old: boolean }) {
  const unseen = standing(findings, "unseen");
  const fine = standing(findings, "fine");
  return (
    <section class={old ? "card devices stale" : "card devices"} aria-busy={old}>
      <h2>{t(allFine(findings) ? "devices.all_fine" : "devices.found")}</h2>
      {findings.length === 0 && <p>{t("devices.nothing")}</p>}
      {faultsByLayer(findings).map(([layer, found]) => (
        <section key={layer} aria-label={t(`layer.${layer}`)}>
          <h3>
            {LAYERS.indexOf(layer)} · {t(`layer.${layer}`)}
          </h3>
          <List of={found} sign="gone" />
        </section>
      ))}
      {unseen.length > 0 && (
        <section aria-label={t("devices.unseen")}>
          <h3>{t("devices.unseen")}</h3>
          <List of={unseen} sign="unknown" />
        </section>
      )}
      {fine.length > 0 && (
        <details>
          <summary class="button">{t("devices.fine", { count: fine.length })}</summary>
          <List of={fine} sign="may_work" />
        </details>
      )}
    </section>
  );
}

function List({ of, sign }: { of: Finding[]; sign: "gone" | "unknown" | "may_work" }) {
  return (
    <ul class="findings">
      {of.map((one) => (
        <li key={one.part + one.code}>
          <Icon of={sign} />
          <div>
            <b class="part">{one.part}</b>
            <p>{said(one.says)}</p>
            {said(one.remedy) !== "" && (
              <p class="remedy">
                <b>{t("devices.remedy")}</b> {said(one.remedy)}
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
