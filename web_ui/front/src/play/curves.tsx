/** The gas curves of the incident, with the moment as a line that moves, and what was read then. */
import { useMemo } from "preact/hooks";
import type { Curve } from "../api/shapes/history.ts";
import type { Incident, IncidentGas } from "../api/shapes/incident.ts";
import { drawn } from "../event/curve.ts";
import { Drawing, Legend, qualityWord } from "../event/curves.tsx";
import { formula, level } from "../parts/gas.tsx";
import { brief, cut } from "../parts/name.tsx";
import { timeOfDay } from "../words/times.ts";
import { t } from "../words/words.ts";
import { levelAt } from "./moment.ts";

export function Curves({ incident, at_utc }: { incident: Incident; at_utc: number }) {
  const channels = incident.gas.filter((one) => incident.curves[one.id]);
  return (
    <section class="group">
      <h2>{t("section.gas")}</h2>
      {channels.length === 0 && <p class="empty">{t("gas.none")}</p>}
      <div class="curves">
        {channels.map((gas) => {
          const curve = incident.curves[gas.id];
          return curve && <One key={gas.id} gas={gas} curve={curve} at_utc={at_utc} />;
        })}
      </div>
    </section>
  );
}

function One({ gas, curve, at_utc }: { gas: IncidentGas; curve: Curve; at_utc: number }) {
  const shape = useMemo(() => drawn(curve, curve.from_utc), [curve]);
  const title = `${formula(gas.gas)} ${brief(gas.name)}`;
  return (
    <figure class="curve" data-channel={gas.id}>
      <figcaption>
        <b>{cut(title)}</b>
        <span class="now">{read(gas, curve, at_utc)}</span>
      </figcaption>
      <Drawing shape={shape} gas={gas} label={title} moment_s={at_utc - curve.from_utc} />
      <p class="axis">
        <span>{timeOfDay(curve.from_utc, at_utc)}</span>
        <span>{timeOfDay(curve.from_utc + shape.to_s, at_utc)}</span>
      </p>
      <Legend gaps={shape.gaps} gas={gas} unit={gas.unit} />
    </figure>
  );
}

/** What was read at the moment; what was no reading is said in a word, never as a number. */
function read(gas: IncidentGas, curve: Curve, at_utc: number): string {
  const then = levelAt(curve, at_utc);
  if (then === null) return t("gas.no_value");
  if (then.level === null || then.letter !== "g") return qualityWord(then.letter);
  return `${level(then.level)} ${gas.unit}`;
}
