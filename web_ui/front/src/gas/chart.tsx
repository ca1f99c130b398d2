/** One gas channel as a chart (uPlot): the mean, from lowest to highest, limits, bad stretches, decisions. */
import "uplot/dist/uPlot.min.css";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import type { Gas } from "../api/shapes/gas.ts";
import { scale } from "../event/curve.ts";
import { OVER } from "../event/curves.tsx";
import { siteDay, timeShort } from "../words/times.ts";
import type { Series } from "./series.ts";

const HEIGHT = 220;
const DAY_S = 86_400;
const OVER_PX = 4;

interface Props {
  series: Series;
  limits: Gas["limits"];
  label: string;
  onMoment: (part: number | null) => void;
}

export function Chart({ series, limits: { warn, stop, low_stop }, label, onMoment }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!place.current) return;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    watch.observe(place.current);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (!place.current || width === 0) return;
    const limits = { warn, stop, low_stop };
    const plot = new uPlot(options(series, limits, width, onMoment), columns(series), place.current);
    return () => plot.destroy();
  }, [series, warn, stop, low_stop, width, onMoment]);
  return <div class="chart" ref={place} role="img" aria-label={label} />;
}

/** The mean last: what is drawn later lies on top. */
function columns({ at, low, mean, high }: Series): uPlot.AlignedData {
  return [at, high, low, mean];
}

function options(
  series: Series,
  limits: Gas["limits"],
  width: number,
  onMoment: Props["onMoment"],
): uPlot.Options {
  const { warn, stop, low_stop } = limits;
  const { bottom, top } = scale(series, [warn, stop, low_stop]);
  const look = palette(); // asked once: a style that is asked for between two drawings is calculated anew
  const [ink, spread, line] = [look("--ink"), look("--spread"), look("--line")];
  const days = series.to_utc - series.from_utc > 2 * DAY_S;
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { range: [series.from_utc, series.to_utc] }, y: { range: [bottom, top] } },
    axes: [
      {
        stroke: ink,
        grid: { show: false },
        ticks: { stroke: line },
        space: 80,
        values: (_, splits) => splits.map((utc) => (days ? siteDay(utc).slice(5) : timeShort(utc))),
      },
      { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { show: false }, size: 56, space: 40 },
    ],
    series: [
      {},
      { points: { show: false } },
      { points: { show: false } },
      { stroke: ink, width: 2, points: { show: false, filter: alone } },
    ],
    bands: [{ series: [1, 2], fill: spread }],
    padding: [8, 12, 0, 0],
    hooks: {
      drawClear: [(plot) => stretches(plot, series, look)],
      draw: [(plot) => rules(plot, series, limits, look)],
      setCursor: [(plot) => onMoment(plot.cursor.idx ?? null)],
    },
  };
}

function palette(): (name: string) => string {
  const style = getComputedStyle(document.documentElement);
  const known = new Map<string, string>();
  return (name) => {
    const colour = known.get(name) ?? style.getPropertyValue(name).trim();
    known.set(name, colour);
    return colour;
  };
}

/** A value between two gaps is a point: a line needs two. */
function alone(plot: uPlot, seriesIdx: number): number[] {
  const levels = plot.data[seriesIdx] ?? [];
  const nothing = (part: number) => (levels[part] ?? null) === null;
  return [...levels.keys()].filter((part) => !nothing(part) && nothing(part - 1) && nothing(part + 1));
}

/** However short it was and however long the while: what went beyond the detector's range is seen, and lies on top. */
function stretches(plot: uPlot, series: Series, look: (name: string) => string) {
  const { ctx, bbox } = plot;
  const worstLast = [...series.gaps].sort((a, b) => Number(OVER.has(a.letter)) - Number(OVER.has(b.letter)));
  for (const { from_s, to_s, letter } of worstLast) {
    const left = Math.round(plot.valToPos(from_s, "x", true));
    const right = Math.round(plot.valToPos(to_s, "x", true));
    const least = (OVER.has(letter) ? OVER_PX : 1) * devicePixelRatio;
    ctx.fillStyle = look(OVER.has(letter) ? "--over" : "--blind");
    ctx.fillRect(left, bbox.top, Math.max(right - left, least), bbox.height);
  }
}

function rules(plot: uPlot, series: Series, limits: Gas["limits"], look: (name: string) => string) {
  const { ctx, bbox } = plot;
  const { warn, stop, low_stop } = limits;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.lineWidth = 2 * ratio;
  const across = (level: number | null, colour: string, dash: number[]) => {
    if (level === null) return;
    const y = plot.valToPos(level, "y", true);
    ctx.strokeStyle = look(colour);
    ctx.setLineDash(dash.map((one) => one * ratio));
    stroke(ctx, bbox.left, y, bbox.left + bbox.width, y);
  };
  across(stop, "--red", []);
  across(low_stop, "--red", []);
  across(warn, "--yellow-line", [10, 6]);
  ctx.strokeStyle = look("--blue");
  ctx.setLineDash([3 * ratio, 4 * ratio]);
  for (const { at_utc } of series.marks) {
    const x = plot.valToPos(at_utc, "x", true);
    stroke(ctx, x, bbox.top, x, bbox.top + bbox.height);
  }
  ctx.restore();
}

function stroke(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number) {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}
