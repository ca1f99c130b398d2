/** Stricter limits as a change of the settings: a rulebook of the site's own that extends the present one. */

import type { Edit, SettingsChange } from "../api/shapes/asking.ts";
import type { BookLimit, BookLimits } from "../api/shapes/limits.ts";
import { limitName } from "../words/limits.ts";

/** What somebody has written beside a limit, as it was typed. */
export interface Wanted {
  value: string;
  why: string;
}

export type Draft = ReadonlyMap<string, Wanted>;

const NO_FILE = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"; // SHA-256 of nothing

/** What was typed as a number; null where it is none. */
export function number(typed: string): number | null {
  const value = Number(typed.trim().replace(",", "."));
  return typed.trim() === "" || !Number.isFinite(value) ? null : value;
}

/** Those that are wanted otherwise than they are. */
export function moved(limits: readonly BookLimit[], draft: Draft): BookLimit[] {
  return limits.filter((one) => (draft.get(one.key)?.value ?? "").trim() !== "");
}

/** The new book and the line that names it, taken together or not at all. Null while anything is unreadable. */
export function change(now: BookLimits, draft: Draft): SettingsChange | null {
  const rows: Edit[] = [];
  for (const one of moved(now.limits, draft)) {
    const { value, why } = draft.get(one.key) as Wanted;
    const figure = number(value);
    if (figure === null || why.trim() === "") return null;
    rows.push({ do: "set", at: one.at, value: { value: figure, clause: why.trim() } });
  }
  if (rows.length === 0) return null;
  const head: Edit[] = [
    { do: "remove", at: ["schema"] }, // a rulebook has none
    { do: "set", at: ["name"], value: now.next_name },
    { do: "set", at: ["version"], value: now.next_version },
    { do: "set", at: ["title"], value: now.next_title },
    { do: "set", at: ["extends"], value: now.name },
  ];
  return {
    file: "site.toml",
    before: now.sha256,
    edits: [{ do: "set", at: ["site", "rulebook"], value: now.next_name }],
    also: [{ file: `rulebooks/${now.next_name}.toml`, before: NO_FILE, edits: [...head, ...rows] }],
  };
}

/** What a person looks for: the name, the key, the gas or work, the source, the rules. */
export function fits(one: BookLimit, sought: string): boolean {
  const rules = one.rules.flatMap(({ code, title }) => [code, title.zh, title.en]);
  const words = [one.about, one.clause].flatMap(({ zh, en }) => [zh, en]);
  const text = [limitName(one.key), one.key, ...words, ...rules].join(" ").toLowerCase();
  return text.includes(sought.trim().toLowerCase());
}
