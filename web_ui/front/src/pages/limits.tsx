/** Each limit of the rulebook with its source and bounds; a stricter one is checked, shown and signed. */
import "../styles/zones.css";
import "../styles/settings.css";
import { useState } from "preact/hooks";
import { limitsNow } from "../api/settings.ts";
import type { BookLimit, BookLimits } from "../api/shapes/limits.ts";
import type { SettingsFault } from "../api/shapes/settings.ts";
import { Edited } from "../settings/editing.tsx";
import { change, type Draft, fits, moved, number, type Wanted } from "../settings/limits.ts";
import { Saving } from "../settings/saving.tsx";
import { limitName } from "../words/limits.ts";
import { said, t, term } from "../words/words.ts";

const NOTHING: Wanted = { value: "", why: "" };

export function Limits() {
  return (
    <Edited title={t("limits.title")} comes={t("limits.comes")} ask={limitsNow}>
      {(now, saved) => <Editor key={now.sha256} now={now} onSaved={saved} />}
    </Edited>
  );
}

function Editor({ now, onSaved }: { now: BookLimits; onSaved: () => void }) {
  const [draft, setDraft] = useState<Draft>(new Map());
  const [faults, setFaults] = useState<SettingsFault[]>([]);
  const [section, setSection] = useState(now.limits[0]?.at[0] ?? "");
  const [sought, setSought] = useState("");
  const wanted = change(now, draft);
  const changed = moved(now.limits, draft);
  const sections = [...new Set(now.limits.map(sectionOf))];
  const shown = now.limits.filter((one) => (sought === "" ? sectionOf(one) === section : fits(one, sought)));
  return (
    <div class="settings-page limits">
      <nav class="card settings-tables" aria-label={t("limits.section")}>
        <label>
          {t("limits.find")}
          <input type="text" value={sought} onInput={(event) => setSought(event.currentTarget.value)} />
        </label>
        <label>
          {t("limits.section")}
          <select value={section} onChange={(event) => setSection(event.currentTarget.value)}>
            {sections.map((one) => (
              <option key={one} value={one}>
                {term("limits_of", one)}
              </option>
            ))}
          </select>
        </label>
      </nav>
      <section class="card settings-one" aria-label={t("limits.title")}>
        <p class="hint">{t("limits.about", { next: now.next_name, book: now.name, version: now.version })}</p>
        <p class="hint">{t("limits.looser")}</p>
        {now.loosened > 0 && <p class="setting-fault">{t("limits.drops", { count: now.loosened })}</p>}
        {shown.length === 0 && <p>{t("limits.none")}</p>}
        {shown.map((one) => (
          <Row
            key={one.key}
            limit={one}
            wanted={draft.get(one.key) ?? NOTHING}
            faults={faults.filter((fault) => fault.key === one.key || fault.key.startsWith(`${one.key}.`))}
            onWanted={(next) => setDraft((all) => new Map(all).set(one.key, next))}
          />
        ))}
      </section>
      <div class="settings-end">
        {changed.length > 0 && (
          <section class="card" aria-label={t("limits.changed")}>
            <h2>{t("limits.changed")}</h2>
            <ul>
              {changed.map((one) => (
                <li key={one.key}>
                  {limitName(one.key)} <small>{one.key}</small>: {one.value} → {draft.get(one.key)?.value}{" "}
                  {one.unit}
                </li>
              ))}
            </ul>
            {wanted === null && <p role="alert">{t("limits.unreasoned")}</p>}
          </section>
        )}
        <Saving
          change={wanted ?? { file: "site.toml", before: now.sha256 }}
          empty={wanted === null}
          onFaults={setFaults}
          onSaved={onSaved}
        />
      </div>
    </div>
  );
}

/** "conflicts[#1]" is one of the conflicts. */
function sectionOf(one: BookLimit): string {
  return (one.at[0] ?? "").replace(/\[.*/, "");
}

interface RowProps {
  limit: BookLimit;
  wanted: Wanted;
  faults: SettingsFault[];
  onWanted: (wanted: Wanted) => void;
}

function Row({ limit, wanted, faults, onWanted }: RowProps) {
  const unread = wanted.value.trim() !== "" && number(wanted.value) === null;
  const movable = limit.way === "at_most" || limit.way === "at_least";
  return (
    <div class="setting limit" data-wrong={faults.length > 0 || unread} data-key={limit.key}>
      <strong>
        {limitName(limit.key)} <small>{limit.key}</small>
      </strong>
      <p>{bounds(limit)}</p>
      {limit.usual !== null && (
        <p class="hint">{t("limits.usual", { value: limit.usual, unit: limit.unit })}</p>
      )}
      <p class="hint">
        {limit.rules.length === 0
          ? t("limits.no_rule")
          : t("limits.rules", {
              rules: limit.rules.map((one) => `${one.code} ${said(one.title)}`).join(t("phone.comma")),
            })}
      </p>
      <p class="hint">{said(limit.clause)}</p>
      {movable && (
        <div class="pair">
          <label>
            {t("limits.new", { unit: limit.unit })}
            <input
              type="text"
              inputMode="decimal"
              value={wanted.value}
              onInput={(event) => onWanted({ ...wanted, value: event.currentTarget.value })}
            />
          </label>
          {wanted.value.trim() !== "" && (
            <label>
              {t("limits.why")}
              <input
                type="text"
                value={wanted.why}
                maxLength={200}
                onInput={(event) => onWanted({ ...wanted, why: event.currentTarget.value })}
              />
            </label>
          )}
        </div>
      )}
      {unread && (
        <p class="setting-fault" role="alert">
          {t("limits.number")}
        </p>
      )}
      {faults.map((one) => (
        <p key={one.key + one.problem.en} class="setting-fault" role="alert">
          {t("settings.fault", { problem: said(one.problem), remedy: said(one.remedy) })}
        </p>
      ))}
    </div>
  );
}

/** How it stands, which way it may be moved, and how far somebody may sign for the other way. */
function bounds({ value, unit, way, listed, signed_to: signed }: BookLimit): string {
  if (listed) return t("limits.listed", { value, unit });
  if (way === "fixed" || way === "free") return t("limits.fixed", { value, unit });
  const other = signed === null ? t("limits.never") : t("limits.signed", { value: signed, unit });
  return t("limits.both", { now: t(`limits.${way}`, { value, unit }), other });
}
