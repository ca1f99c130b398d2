/** Every table of the settings by form: checked by the box, shown as what it would do, then signed. */
import "../styles/zones.css";
import "../styles/settings.css";
import { useMemo, useState } from "preact/hooks";
import { settingsNow } from "../api/settings.ts";
import type { Settings, SettingsFault } from "../api/shapes/settings.ts";
import { Link } from "../router.tsx";
import { Backup } from "../settings/backup.tsx";
import { type At, edits, keyOf, put, type Table as Values, valueAt } from "../settings/draft.ts";
import { Edited } from "../settings/editing.tsx";
import { Saving } from "../settings/saving.tsx";
import { concerns, type Editing, Part } from "../settings/table.tsx";
import { said, t } from "../words/words.ts";

const FILE = "site.toml";

export function SettingsPage() {
  return (
    <Edited title={t("settings.title")} comes={t("settings.comes")} ask={settingsNow}>
      {(now, saved) => <Editor key={now.sha256} now={now} onSaved={saved} />}
    </Edited>
  );
}

function Editor({ now, onSaved }: { now: Settings; onSaved: () => void }) {
  const [values, setValues] = useState<Values>(now.values);
  const [secrets, setSecrets] = useState<ReadonlyMap<string, { at: At; value: string }>>(new Map());
  const [faults, setFaults] = useState<SettingsFault[]>([]);
  const [chosen, setChosen] = useState(now.fields.find((one) => one.key !== "schema")?.key ?? "");
  const found = useMemo(() => edits(now.values, values, secrets), [now, values, secrets]);
  const on: Editing = {
    values,
    known: now.known,
    faults,
    put: (at, value) => setValues((all) => put(all, at, value) as Values),
    secret: (at, value) =>
      setSecrets((all) => {
        const next = new Map(all);
        if (value === "") next.delete(keyOf(values, at));
        else next.set(keyOf(values, at), { at, value });
        return next;
      }),
  };
  const field = now.fields.find((one) => one.key === chosen);
  const unseen = faults.filter((one) => !one.key.startsWith(chosen));
  return (
    <div class="settings-page">
      <nav class="card settings-tables" aria-label={t("settings.tables")}>
        <Elsewhere />
        <label class="settings-pick">
          {t("settings.tables")}
          <select value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
            {now.fields
              .filter((one) => one.key !== "schema")
              .map((one) => (
                <option key={one.key} value={one.key}>
                  {said(one.called)}
                </option>
              ))}
          </select>
        </label>
        {now.fields
          .filter((one) => one.key !== "schema")
          .map((one) => (
            <button
              key={one.key}
              type="button"
              class="button"
              aria-pressed={one.key === chosen}
              data-wrong={faults.some((fault) => concerns(fault.key, one.key))}
              onClick={() => setChosen(one.key)}
            >
              {said(one.called)}
              <small>{size(valueAt(values, [one.key]))}</small>
            </button>
          ))}
      </nav>
      <div class="settings-middle">
        {field && (
          <section class="card" aria-label={said(field.called)}>
            <h2>
              {said(field.called)} <small>[{field.key}]</small>
            </h2>
            {said(field.help) !== "" && <p class="hint">{said(field.help)}</p>}
            <Part key={chosen} field={field} at={[chosen]} on={on} />
          </section>
        )}
        {unseen.length > 0 && (
          <section class="card" aria-label={t("settings.faults_elsewhere")}>
            <h2>{t("settings.faults_elsewhere")}</h2>
            <ul>
              {unseen.map((one) => (
                <li key={one.file + one.key + one.problem.en} class="setting-fault">
                  {one.file}: {one.key}:{" "}
                  {t("settings.fault", { problem: said(one.problem), remedy: said(one.remedy) })}
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
      <div class="settings-end">
        <Saving
          change={{ file: FILE, before: now.sha256, edits: found }}
          empty={found.length === 0}
          onFaults={setFaults}
          onSaved={onSaved}
        />
        <Backup onSaved={onSaved} />
      </div>
    </div>
  );
}

/** What has a page of its own. */
function Elsewhere() {
  return (
    <>
      <Link to="/settings/limits" class="button">
        {t("limits.title")}
      </Link>
      <Link to="/zones" class="button">
        {t("zones.title")}
      </Link>
      <Link to="/people" class="button">
        {t("roster.title")}
      </Link>
      <Link to="/detectors" class="button">
        {t("detectors.title")}
      </Link>
      <Link to="/devices" class="button">
        {t("devices.title")}
      </Link>
      <Link to="/glossary" class="button">
        {t("glossary.title")}
      </Link>
    </>
  );
}

function size(value: unknown): string {
  if (value === undefined) return "–";
  if (Array.isArray(value)) return String(value.length);
  const rows = Object.values(value as Values);
  return rows.length > 0 && rows.every((one) => typeof one === "object" && !Array.isArray(one))
    ? String(rows.length)
    : "";
}
