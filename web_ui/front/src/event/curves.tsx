/** The gas curves of the ten minutes before an event, each with its limits as lines and its gaps as gaps. */
import type { Gas } from "../api/shapes/gas.ts";
import type { Curve } from "../api/shapes/history.ts";
import type { Live } from "../api/shapes/live.ts";
import { formula, level } from "../parts/gas.tsx";
import { brief, cut } from "../parts/name.tsx";
import { lasting } from "../words/times.ts";
import { t, term } from "../words/words.ts";
import { type Drawn, drawn, type Gap, scale } from "./curve.ts";

const WIDTH = 600;
const HEIGHT = 160;
/** The letters of edge_agent/tell/live_curves.py. */
export const QUALITY: Record<string, string> = {
  w: "warmup",
  s: "stale",
  m: "missing",
  f: "fault",
  o: "overrange",
  u: "underrange",
  i: "inhibited",
  c: "cal_overdue",
  d: "suspect",
  l: "comm_fail",
  k: "clock_bad",
  n: "unbound",
};
/** Beyond what the detector can measure: that may be the gas. */
export const OVER = new Set(["o", "u"]);

/** "-" is the history's own: the box did not record all of it. */
export function qualityWord(letter: string): string {
  return letter === "-" ? t("history.not_recorded") : term("quality", QUALITY[letter] ?? letter);
}

/** A channel or gauge as it is now. */
export interface Channel extends Limits {
  title: string;
  unit: string;
}

export function channelOf(live: Live | null, id: string): Channel | undefined {
  const gas = live?.gas.find((one) => one.id === id);
  if (gas) return { title: `${formula(gas.gas)} ${brief(gas.name)}`, unit: gas.unit, limits: gas.limits };
  const gauge = live?.gauges.find((one) => one.id === id);
  if (!gauge) return undefined;
  const { high = null, high_high = null, low_low = null } = gauge.limits;
  return {
    title: `${brief(gauge.what)} ${brief(gauge.name)}`,
    unit: gauge.unit,
    limits: { warn: high, stop: high_high, low_stop: low_low },
  };
}

interface Props {
  id: string;
  curve: Curve;
  at_utc: number;
  gas: Channel | undefined;
}

export function GasCurve({ id, curve, at_utc, gas }: Props) {
  const shape = drawn(curve, at_utc);
  const unit = gas?.unit ?? "";
  const title = gas ? gas.title : id;
  return (
    <figure class="curve" data-channel={id}>
      <figcaption>
        <b>{cut(title)}</b>
        <span>
          {shape.highest === null || shape.lowest === null
            ? t("event.never_measured")
            : t("event.range", { low: level(shape.lowest), high: level(shape.highest), unit })}
        </span>
      </figcaption>
      <Drawing shape={shape} gas={gas} label={title} />
      <p class="axis">
        <span>{t("event.before", { time: lasting(-shape.from_s) })}</span>
        <span>{t("event.moment")}</span>
      </p>
      <Legend gaps={shape.gaps} gas={gas} unit={unit} />
    </figure>
  );
}

type Limits = Pick<Gas, "limits">;

interface DrawingProps {
  shape: Drawn;
  gas: Limits | undefined;
  label: string;
  moment_s?: number; // by the seconds of the shape
}

export function Drawing({ shape, gas, label, moment_s = 0 }: DrawingProps) {
  const { warn = null, stop = null, low_stop = null } = gas?.limits ?? {};
  const { bottom, top } = scale(shape, [warn, stop, low_stop]);
  const span_s = Math.max(shape.to_s - shape.from_s, 1);
  const x = (s: number) => ((s - shape.from_s) / span_s) * WIDTH;
  const y = (value: number) => HEIGHT - ((value - bottom) / (top - bottom)) * HEIGHT;
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {shape.gaps.map((gap) => (
        <rect
          key={gap.from_s}
          class="gap"
          x={x(gap.from_s)}
          y={0}
          width={x(gap.to_s) - x(gap.from_s)}
          height={HEIGHT}
        />
      ))}
      {stop !== null && <line class="limit" x1={0} x2={WIDTH} y1={y(stop)} y2={y(stop)} />}
      {low_stop !== null && <line class="limit" x1={0} x2={WIDTH} y1={y(low_stop)} y2={y(low_stop)} />}
      {warn !== null && <line class="warn" x1={0} x2={WIDTH} y1={y(warn)} y2={y(warn)} />}
      {shape.lines.map((line) => (
        <polyline
          key={line[0]?.s}
          points={line.map((point) => `${x(point.s).toFixed(1)},${y(point.level).toFixed(1)}`).join(" ")}
        />
      ))}
      <line class="moment" x1={x(moment_s)} x2={x(moment_s)} y1={0} y2={HEIGHT} />
    </svg>
  );
}

export function Legend({ gaps, gas, unit }: { gaps: Gap[]; gas: Limits | undefined; unit: string }) {
  const { warn = null, stop = null, low_stop = null } = gas?.limits ?? {};
  const blind = new Map<string, number>();
  for (const gap of gaps) blind.set(gap.letter, (blind.get(gap.letter) ?? 0) + gap.to_s - gap.from_s);
  return (
    <ul class="legend">
      {stop !== null && <li class="limit">{t("event.stop_above", { level: stop, unit })}</li>}
      {low_stop !== null && <li class="limit">{t("event.stop_below", { level: low_stop, unit })}</li>}
      {warn !== null && <li class="warn">{t("event.warn_at", { level: warn, unit })}</li>}
      {[...blind].map(([letter, for_s]) => (
        <li class={OVER.has(letter) ? "gap over" : "gap"} key={letter}>
          {t("event.gap", { why: qualityWord(letter), time: lasting(for_s) })}
        </li>
      ))}
    </ul>
  );
}
