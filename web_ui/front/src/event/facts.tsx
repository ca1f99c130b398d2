/** What the box wrote beside an event, as far as it says something to people: why, who, where, gas and wind. */
import { people } from "../api/people.ts";
import type { EventPage } from "../api/types.ts";
import { formula, level } from "../parts/gas.tsx";
import { brief, cut } from "../parts/name.tsx";
import { useStore } from "../store.ts";
import { type Key, said, t, term, type Words } from "../words/words.ts";

type Data = EventPage["data"];

const SENTENCES = ["title", "detail", "reason", "action"] as const;

export function Facts({ data }: { data: Data }) {
  const known = useStore(people);
  const by = typeof data.by === "string" ? data.by : "";
  const rows = [...sentences(data), ...measured(data)];
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
  if (data.drill) rows.push({ name: "written.drill", text: t("page.drill") });
  return rows;
}

function measured(data: Data): Row[] {
  const rows: Row[] = [];
  if (Array.isArray(data.gas) && data.gas.length > 0) {
    const one = (row: NonNullable<Data["gas"]>[number]) =>
      row.level === null
        ? `${formula(row.gas)} ${term("quality", row.quality)}`
        : `${formula(row.gas)} ${level(row.level)} ${row.unit}`;
    rows.push({ name: "written.gas", text: data.gas.map(one).join(t("phone.comma")) });
  }
  if (typeof data.wind_mps === "number") {
    rows.push({ name: "written.wind", text: t("written.mps", { speed: level(data.wind_mps) }) });
  }
  if (typeof data.decided_after_ms === "number") {
    rows.push({ name: "written.decided", text: t("written.ms", { ms: data.decided_after_ms }) });
  }
  return rows;
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
