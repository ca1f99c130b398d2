/** Temperatures, levels and the like, each beside the site's own limits; no value is never shown as a number. */
import type { Gauge } from "../api/shapes/gas.ts";
import { t, term } from "../words/words.ts";
import { level } from "./gas.tsx";
import { Icon } from "./icon.tsx";
import { brief, cut } from "./name.tsx";
import { Heard } from "./now.tsx";

const DANGER = new Set(["high_high", "low_low"]);
const INTERLOCKS = { holds: "gauge.holds", tripped: "gauge.tripped", missing: "gauge.no_interlock" } as const;

function GaugeTile({ gauge }: { gauge: Gauge }) {
  const danger = DANGER.has(gauge.crossed);
  const look = danger ? "danger" : gauge.quality === "good" && !gauge.crossed ? "good" : "bad";
  const limits = Object.entries(gauge.limits).map(
    ([name, value]) => `${term("limit", name)} ${level(value)}`,
  );
  return (
    <article class="gas" data-look={look} data-gauge={gauge.id}>
      <h3>
        {brief(gauge.what)} <small>{brief(gauge.name)}</small>
      </h3>
      {gauge.level === null ? (
        <p class="figure nothing">{t("gas.no_value")}</p>
      ) : (
        <p class="figure">
          {level(gauge.level)} <small>{cut(gauge.unit)}</small>
        </p>
      )}
      <p class="quality">
        {gauge.crossed && (
          <strong>
            <Icon of="warning" /> {t("gauge.crossed", { limit: term("limit", gauge.crossed) })}{" "}
          </strong>
        )}
        {cut(gauge.quality === "good" ? limits.join(" · ") : term("quality", gauge.quality), 80)}
      </p>
      <Interlock state={gauge.interlock} />
      <p class="age">
        <Heard age_s={gauge.age_s} say="gas.heard" never="gas.never" />
      </p>
    </article>
  );
}

export function Gauges({ gauges }: { gauges: Gauge[] }) {
  return (
    <div class="gases">
      {gauges.map((one) => (
        <GaugeTile key={one.id} gauge={one} />
      ))}
    </div>
  );
}

function Interlock({ state }: { state: string }) {
  if (!(state in INTERLOCKS)) return null;
  const said = t(INTERLOCKS[state as keyof typeof INTERLOCKS]);
  return <p class="quality">{state === "holds" ? said : <strong>{said}</strong>}</p>;
}
