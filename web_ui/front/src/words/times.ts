/** Times for people: how long, and the site's own clock with its zone. */
import { box } from "../api/box.ts";
import { language, t } from "./words.ts";

const MIN_S = 60;
const H_S = 3600;
const D_S = 86400;

/** "12 min 3 s": the two largest parts, nothing below zero. */
export function lasting(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < MIN_S) return t("time.s", { s });
  if (s < H_S) return t("time.min", { min: Math.floor(s / MIN_S), s: s % MIN_S });
  if (s < D_S) return t("time.h", { h: Math.floor(s / H_S), min: Math.floor((s % H_S) / MIN_S) });
  return t("time.d", { d: Math.floor(s / D_S), h: Math.floor((s % D_S) / H_S) });
}

/** "5 min", "8 h": a length that somebody chooses, without parts that are nothing. */
export function span(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s >= H_S && s % H_S === 0) return t("time.whole_h", { h: s / H_S });
  if (s >= MIN_S && s < H_S && s % MIN_S === 0) return t("time.whole_min", { min: s / MIN_S });
  return lasting(s);
}

/** "2:05" for a countdown that is read from afar. */
export function countdown(seconds: number): string {
  const s = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(s / MIN_S)}:${String(s % MIN_S).padStart(2, "0")}`;
}

/** "1:04:09": what is left, as a counter. */
export function counter(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const two = (part: number) => String(part).padStart(2, "0");
  return `${Math.floor(s / H_S)}:${two(Math.floor(s / MIN_S) % MIN_S)}:${two(s % MIN_S)}`;
}

/** "14:03:22" by the site's clock; with the date where it is not the day of `today_utc`. */
export function timeOfDay(utc: number, today_utc: number = utc): string {
  const date = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  const time = { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
  const sameDay = written(utc, date) === written(today_utc, date);
  return written(utc, sameDay ? time : { ...date, ...time });
}

/** "14:03": beside an axis, where the zone stands elsewhere. */
export function timeShort(utc: number): string {
  return written(utc, { hour: "2-digit", minute: "2-digit" });
}

/** The site's time of day with its zone, "14:03 GMT+8": the phone may be set to another one. */
export function clock(utc: number): string {
  return formatted(utc, { hour: "2-digit", minute: "2-digit" });
}

export function dateAndClock(utc: number): string {
  return formatted(utc, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
}

/** "2026-11-26" by the site's clock: what a date field holds. */
export function siteDay(utc: number): string {
  return formatter("sv-SE", { year: "numeric", month: "2-digit", day: "2-digit" }).format(utc * 1000);
}

/** When this day ends by the site's clock; null for what is no day. Twice, for a day on which the clock is set. */
export function dayEnds(day: string): number | null {
  const midnight = Date.parse(`${day}T00:00:00Z`) / 1000 + D_S;
  if (Number.isNaN(midnight)) return null;
  return midnight - ahead_s(midnight - ahead_s(midnight));
}

/** How far the site's clock is ahead of UTC at this time. */
function ahead_s(utc: number): number {
  const all = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  } as const;
  const text = formatter("sv-SE", { ...all, second: "2-digit" }).format(utc * 1000);
  return Date.parse(`${text.replace(" ", "T")}Z`) / 1000 - Math.floor(utc);
}

function formatted(utc: number, options: Intl.DateTimeFormatOptions): string {
  const parts = formatter("en", { ...options, timeZoneName: "short" }).formatToParts(utc * 1000);
  return `${written(utc, options)} ${parts.find((part) => part.type === "timeZoneName")?.value ?? ""}`.trim();
}

function written(utc: number, options: Intl.DateTimeFormatOptions): string {
  return formatter(language.get() === "zh" ? "zh-CN" : "en-GB", options).format(utc * 1000);
}

/** Made once for each way of writing: making one costs more than a hundred times its use. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(spoken: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const zone = box.get()?.timezone;
  const asked = { ...options, hourCycle: "h23" as const, ...(zone ? { timeZone: zone } : {}) };
  const key = spoken + JSON.stringify(asked);
  const made = formatters.get(key) ?? new Intl.DateTimeFormat(spoken, asked);
  formatters.set(key, made);
  return made;
}
