/** What the box wrote beside an event, as far as it says something to people: why, who, where, gas and wind. */
import { people } from "../api/people.ts";
import type { EventPage } from "../api/shapes/event.ts";
import type { Live } from "../api/shapes/live.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import { sampled } from "../parts/gas.tsx";
import { brief, cut, namesOf } from "../parts/name.tsx";
import { blown } from "../parts/wind.tsx";
import { useStore } from "../store.ts";
import { lasting } from "../words/times.ts";
import { type Key, said, t, term, type Words } from "../words/words.ts";

type Data = EventPage["data"];

const OLD_S = 5; // a detector is read every second or two
const SENTENCES = ["title", "detail", "reason", "action"] as const;

interface Props {
  data: Data;
  live: Live | null; // for the names of devices
  areas: PlanArea[];
}

export function Facts({ data, live, areas }: Props) {
  const known = useStore(people);
  const by = typeof data.by === "string" ? data.by : "";
  const rows = [...sentences(data), ...around(data, live, areas), ...measured(data)];
  if (by) rows.push({ name: "written.by", text: cut(known.get(by)?.name ?? by) });
  if (rows.length === 0) return null;
  return (
    <dl class="group written">
      {rows.map(({ name, text }) => (
        <div key={name}>
          <dt>{t(name)}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

interface Row {
  name: Key;
  text: string;
}

function sentences(data: Data): Row[] {
  const rows: Row[] = [];
  for (const key of SENTENCES) {
    const value = data[key];
    const text = isWords(value) ? brief(value) : typeof value === "string" ? cut(value, 400) : "";
    if (text) rows.push({ name: `written.${key}`, text });
  }
  if (data.drill) rows.push({ name: "written.drill", text: t("written.played") });
  return rows;
}

/** Where it was, by what that is known, in which shift and work, and what stands there. */
function around(data: Data, live: Live | null, areas: PlanArea[]): Row[] {
  const rows: Row[] = [];
  if (data.place) rows.push({ name: "written.place", text: placed(data.place, areas) });
  if (isWords(data.shift_words)) rows.push({ name: "written.shift", text: brief(data.shift_words) });
  if (typeof data.permit === "string") {
    rows.push({ name: "written.permit", text: cut(data.permit, 40) || t("report.no_work") });
  }
  if (Array.isArray(data.devices)) {
    const names = live && namesOf(live);
    const listed = data.devices.map((id) => names?.get(id) ?? cut(id, 40)).join(t("phone.comma"));
    rows.push({ name: "written.devices", text: listed || t("report.no_devices") });
  }
  return rows;
}

function placed({ area, by }: NonNullable<Data["place"]>, areas: PlanArea[]): string {
  const found = areas.find((one) => one.id === area);
  const place = found ? brief(found.name) : cut(area ?? "", 40);
  return place
    ? t("written.known_by", { place, by: term("known_by", by ?? "unknown") })
    : t("written.nowhere");
}

function measured(data: Data): Row[] {
  const rows: Row[] = [];
  if (Array.isArray(data.gas)) {
    const text = data.gas.map((one) => aged(sampled(one), one)).join(t("phone.comma"));
    rows.push({ name: "written.gas", text: text || t("gas.none") });
  }
  if (Array.isArray(data.wind)) {
    const text = data.wind.map((one) => aged(blown(one), one)).join(t("phone.comma"));
    rows.push({ name: "written.wind", text: text || t("wind.none") });
  }
  if (typeof data.decided_after_ms === "number") {
    rows.push({ name: "written.decided", text: t("written.ms", { ms: data.decided_after_ms }) });
  }
  return rows;
}

/** An age that people would not notice is left out. */
function aged(text: string, { age_s }: { age_s?: number | null }): string {
  return typeof age_s === "number" && age_s >= OLD_S
    ? t("written.aged", { text, age: lasting(age_s) })
    : text;
}

function isWords(value: unknown): value is Words {
  return (
    typeof value === "object" &&
    value !== null &&
    "zh" in value &&
    "en" in value &&
    said(value as Words) !== ""
  );
}
