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

/** "2:05" for a countdown that is read from afar. */
export function countdown(seconds: number): string {
  const s = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(s / MIN_S)}:${String(s % MIN_S).padStart(2, "0")}`;
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

function formatted(utc: number, options: Intl.DateTimeFormatOptions): string {
  const zone = box.get()?.timezone;
  const spoken = language.get() === "zh" ? "zh-CN" : "en-GB";
  const asked = { ...options, hourCycle: "h23" as const, ...(zone ? { timeZone: zone } : {}) };
  const time = new Intl.DateTimeFormat(spoken, asked).format(utc * 1000);
  const parts = new Intl.DateTimeFormat("en", { ...asked, timeZoneName: "short" }).formatToParts(utc * 1000);
  return `${time} ${parts.find((part) => part.type === "timeZoneName")?.value ?? ""}`.trim();
}
