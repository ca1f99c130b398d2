/** One gas channel: its value, where it is heading, what stops the work; no value is never shown as a number. */

import type { Average, Gas } from "../api/shapes/gas.ts";
import { dangerous } from "../gas/danger.ts";
import { t, term } from "../words/words.ts";
import { Icon, type Sign } from "./icon.tsx";
import { brief, cut } from "./name.tsx";
import { Heard } from "./now.tsx";

const SUBSCRIPT: Record<string, string> = { "2": "₂", "3": "₃", "4": "₄", "6": "₆" };
const KNOWN = /^(ch4|o2|h2s|co|co2|cl2|nh3|so2|no2|h2|c6h6)$/;

/** "H₂S" for h2s; a gas that this page does not know as it came. */
export function formula(gas: string): string {
  if (!KNOWN.test(gas)) return gas;
  return gas
    .toUpperCase()
    .replace("CL", "Cl")
    .replace(/\d/g, (digit) => SUBSCRIPT[digit] ?? digit);
}

/** A level as the detector shows it: its own digits, at most two after the point. */
export function level(value: number): string {
  return String(Number(value.toFixed(2))).replace("-", "−");
}

/** "H₂S 0.4 ppm", or in a word why there is no figure. */
export function sampled(one: { gas: string; level: number | null; unit: string; quality: string }): string {
  const value = one.level === null ? term("quality", one.quality) : `${level(one.level)} ${one.unit}`;
  return `${formula(one.gas)} ${value}`;
}

/** Which way: a change that the figure shows within ten minutes counts as one. */
export function heading(gas: Gas): Sign {
  const { trend_per_min: trend } = gas;
  if (trend === null || Math.abs(trend * 10) < 0.1) return "level";
  return trend > 0 ? "up" : "down";
}

/** `whole`: with what the board has room for, the averages and how old the sample is. */
export function GasTile({ gas, whole = false }: { gas: Gas; whole?: boolean }) {
  const danger = dangerous(gas);
  const look = danger ? "danger" : gas.quality === "good" ? "good" : "bad";
  return (
    <article class="gas" data-look={look} data-gas={gas.id}>
      <h3>
        {cut(formula(gas.gas), 12)} <small>{brief(gas.name)}</small>
      </h3>
      {gas.level === null ? (
        <p class="figure nothing">{t("gas.no_value")}</p>
      ) : (
        <p class="figure">
          {level(gas.level)} <small>{cut(gas.unit, 12)}</small> <Trend gas={gas} />
        </p>
      )}
      {gas.bump && (
        <p class="tested" role="status">
          <b>
            <Icon of="warning" /> {t(gas.bump.over ? "gas.tested_over" : "gas.tested")}
          </b>
        </p>
      )}
      <p class="quality">
        {danger && (
          <strong>
            <Icon of="warning" /> {t("gas.danger")}{" "}
          </strong>
        )}
        {gas.device_alarm && <span>{t("gas.device_alarm")} </span>}
        {(gas.quality === "good" && limits(gas)) || cut(term("quality", gas.quality))}
      </p>
      {whole && gas.stel && <Mean over="stel" of={gas.stel} />}
      {whole && gas.twa && <Mean over="twa" of={gas.twa} />}
      {(whole || gas.quality !== "good") && (
        <p class="age">
          <Heard age_s={gas.age_s} say="gas.heard" never="gas.never" />
        </p>
      )}
    </article>
  );
}

/** An average with minutes missing shows no limit as kept, and says so. */
function Mean({ over, of: { value, missing_min } }: { over: "stel" | "twa"; of: Average }) {
  return (
    <p class="average" data-complete={missing_min === 0}>
      {t(`gas.${over}` as const)} <b>{level(value)}</b>{" "}
      {missing_min > 0 && <strong class="incomplete">{t("gas.incomplete", { count: missing_min })}</strong>}
    </p>
  );
}

function Trend({ gas }: { gas: Gas }) {
  if (gas.trend_per_min === null) return null;
  const sign = heading(gas);
  const words = { up: t("phone.rising"), down: t("phone.falling"), level: t("phone.steady") };
  return (
    <span class="trend">
      <Icon of={sign} /> {words[sign as keyof typeof words]}
    </span>
  );
}

function limits({ limits: { stop, low_stop }, unit }: Gas): string {
  if (stop !== null && low_stop !== null) return t("phone.between", { low: low_stop, high: stop, unit });
  if (stop !== null) return t("phone.at_most", { high: stop, unit });
  return low_stop === null ? "" : t("phone.at_least", { low: low_stop, unit });
}
