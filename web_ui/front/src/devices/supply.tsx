/** What feeds the box: mains or battery and since when, for how long it lasts, and whether the work needs longer. */

import type { BoxSupply } from "../api/shapes/box.ts";
import { Fact } from "../parts/fact.tsx";
import { Icon } from "../parts/icon.tsx";
import { dateAndClock } from "../words/times.ts";
import { said, t } from "../words/words.ts";

const TONES = { mains: "may_work", battery: "warning", unknown: "gone" } as const;

export function fedBy(supply: BoxSupply): keyof typeof TONES {
  if (supply.on_mains === null) return "unknown";
  return supply.on_mains ? "mains" : "battery";
}

export function Supply({ supply }: { supply: BoxSupply }) {
  const fed = fedBy(supply);
  const warns = supply.lasts !== true && supply.job !== "";
  return (
    <div class="box-time" data-fed={fed}>
      <p>
        <Icon of={TONES[fed]} /> <b>{t(`devices.fed_${fed}`)}</b>{" "}
        {supply.since_utc !== null && t("devices.time_since", { time: dateAndClock(supply.since_utc) })}
      </p>
      {said(supply.why) !== "" && <p>{said(supply.why)}</p>}
      {said(supply.wrong) !== "" && (
        <p>
          <Icon of="warning" /> {said(supply.wrong)}
        </p>
      )}
      {supply.job !== "" && (
        <p data-lasts={supply.lasts === null ? "unknown" : String(supply.lasts)}>
          {warns && <Icon of="warning" />} {said(supply.means)}
        </p>
      )}
      <dl>
        <Fact of={t("devices.supply_charge")}>
          {supply.charge_pct === null ? t("devices.not_known") : `${supply.charge_pct.toFixed(0)} %`}
        </Fact>
        <Fact of={t("devices.supply_minutes")}>{minutes(supply.minutes)}</Fact>
        <Fact of={t("devices.supply_measured")}>{measured(supply)}</Fact>
        <Fact of={t("devices.supply_asked")}>{t(`devices.supply_${supply.asked}`)}</Fact>
      </dl>
    </div>
  );
}

function minutes(value: number | null): string {
  return value === null ? t("devices.not_known") : t("devices.supply_min", { value: value.toFixed(0) });
}

function measured({ measured_min, measured_utc, measured_void }: BoxSupply): string {
  if (measured_min === null || measured_utc === null) return t("devices.supply_never");
  const told = { value: measured_min.toFixed(0), time: dateAndClock(measured_utc) };
  return t(measured_void ? "devices.supply_void" : "devices.supply_at", told);
}
