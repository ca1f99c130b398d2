/** How each wearable was really heard: the intervals that were measured beside what it promises, and its charge. */

import type { Wearable } from "../api/shapes/seen.ts";
import { Fact } from "../parts/fact.tsx";
import { Icon } from "../parts/icon.tsx";
import { lasting } from "../words/times.ts";
import { said, t } from "../words/words.ts";

export function Wearables({ all }: { all: Wearable[] }) {
  if (all.length === 0) return <p>{t("devices.no_wearables")}</p>;
  return (
    <ul class="wearables">
      {all.map((one) => (
        <li key={one.id}>
          <p>
            <Icon of={one.heard ? "may_work" : "gone"} /> <b>{said(one.name)}</b> <small>{one.id}</small>
          </p>
          <dl>
            <Fact of={t("devices.wearer")}>{one.wearer === "" ? t("devices.spare") : one.wearer_name}</Fact>
            <Fact of={t("devices.heard")}>{ago(one)}</Fact>
            <Fact of="p50">{seconds(one.p50_s)}</Fact>
            <Fact of="p99">{seconds(one.p99_s)}</Fact>
            <Fact of={t("devices.promised")}>{seconds(one.promised_s)}</Fact>
            <Fact of={t("devices.intervals")}>{one.intervals}</Fact>
            <Fact of={t("devices.charge")}>
              {one.low && <Icon of="warning" />}{" "}
              {one.battery_pct === null ? t("devices.not_said") : `${one.battery_pct.toFixed(0)} %`}
            </Fact>
          </dl>
        </li>
      ))}
    </ul>
  );
}

function ago(one: Wearable): string {
  if (one.heard_s === null) return t("devices.never");
  const time = lasting(one.heard_s);
  return one.heard ? t("devices.ago", { time }) : t("devices.silent", { time });
}

function seconds(value: number | null): string {
  return value === null ? t("devices.not_known") : t("devices.seconds", { value: value.toFixed(1) });
}
