/** A table of the settings: its keys, and what stands inside it, entry by entry. */
import { useState } from "preact/hooks";
import type { SettingsFault, SettingsField } from "../api/shapes/settings.ts";
import { said, t } from "../words/words.ts";
import { type At, isTable, keyOf, type Table as Values, valueAt } from "./draft.ts";
import { Field } from "./field.tsx";

export interface Editing {
  values: Values; // of the whole file
  known: Record<string, string[]>;
  faults: SettingsFault[];
  put: (at: At, value: unknown) => void;
  secret: (at: At, value: string) => void;
}

interface Props {
  field: SettingsField;
  at: At;
  on: Editing;
}

/** One key, of whatever kind. */
export function Part({ field, at, on }: Props) {
  switch (field.kind) {
    case "table":
      return <One field={field} at={at} on={on} />;
    case "tables":
      return <Named field={field} at={at} on={on} />;
    case "rows":
      return <Rows field={field} at={at} on={on} />;
    default: {
      const key = keyOf(on.values, at);
      return (
        <Field
          field={field}
          value={valueAt(on.values, at)}
          known={on.known}
          faults={on.faults.filter((one) => concerns(one.key, key))}
          onValue={(value) => on.put(at, value)}
          onSecret={(value) => on.secret(at, value)}
        />
      );
    }
  }
}

/** A fault of the key itself, or of something inside a value that has one field. */
export function concerns(fault: string, key: string): boolean {
  return fault === key || fault.startsWith(`${key}.`) || fault.startsWith(`${key}[`);
}

function Inside({ fields, at, on }: { fields: SettingsField[]; at: At; on: Editing }) {
  const key = keyOf(on.values, at);
  const named = new Set(fields.map((one) => one.key));
  const own = on.faults.filter((one) => one.key === key || unknownIn(one.key, key, named));
  return (
    <div class="settings-fields">
      {own.map((one) => (
        <p key={one.key + one.problem.en} class="setting-fault" role="alert">
          {one.key}: {t("settings.fault", { problem: said(one.problem), remedy: said(one.remedy) })}
        </p>
      ))}
      {fields.map((one) => (
        <Part key={one.key} field={one} at={[...at, one.key]} on={on} />
      ))}
    </div>
  );
}

function unknownIn(fault: string, key: string, named: ReadonlySet<string>): boolean {
  if (!fault.startsWith(`${key}.`)) return false;
  const next = /^[A-Za-z0-9_-]+/.exec(fault.slice(key.length + 1))?.[0] ?? "";
  return next !== "" && !named.has(next);
}

function One({ field, at, on }: Props) {
  const value = valueAt(on.values, at);
  if (value === undefined && !field.required) {
    const empty = Object.fromEntries([]);
    return (
      <button type="button" class="button" onClick={() => on.put(at, empty)}>
        {t("settings.add_table", { name: said(field.called) })}
      </button>
    );
  }
  return (
    <section class="settings-one" aria-label={said(field.called)}>
      {at.length > 1 && <h3>{said(field.called)}</h3>}
      <Inside fields={field.fields} at={at} on={on} />
      {!field.required && <Away what={said(field.called)} onAway={() => on.put(at, undefined)} />}
    </section>
  );
}

function Away({ what, onAway }: { what: string; onAway: () => void }) {
  return (
    <button type="button" class="button quiet" onClick={onAway}>
      {t("settings.remove", { name: what })}
    </button>
  );
}

function Named({ field, at, on }: Props) {
  const value = valueAt(on.values, at);
  const ids = isTable(value) ? Object.keys(value) : [];
  const [fresh, setFresh] = useState("");
  const add = () => {
    on.put([...at, fresh.trim()], {});
    setFresh("");
  };
  return (
    <div class="settings-rows">
      {at.length > 1 && <h3>{said(field.called)}</h3>}
      {ids.map((id) => (
        <Entry key={id} name={id} called={called(valueAt(on.values, [...at, id]))} at={[...at, id]} on={on}>
          <Inside fields={field.fields} at={[...at, id]} on={on} />
          <Away what={id} onAway={() => on.put([...at, id], undefined)} />
        </Entry>
      ))}
      <div class="settings-new">
        <label class="field">
          {t("settings.new_id")}
          <input
            type="text"
            autocomplete="off"
            value={fresh}
            onInput={(event) => setFresh(event.currentTarget.value)}
          />
        </label>
        <button
          type="button"
          class="button"
          disabled={!fresh.trim() || ids.includes(fresh.trim())}
          onClick={add}
        >
          {t("settings.add", { name: said(field.called) })}
        </button>
      </div>
    </div>
  );
}

function Rows({ field, at, on }: Props) {
  const value = valueAt(on.values, at);
  const rows = Array.isArray(value) ? value : [];
  return (
    <div class="settings-rows">
      {at.length > 1 && <h3>{said(field.called)}</h3>}
      {rows.map((row, number) => {
        const name = isTable(row) ? String(row.id ?? row.kid ?? number + 1) : String(number + 1);
        return (
          <Entry
            key={`${number} of ${rows.length}`}
            name={name}
            called={called(row)}
            at={[...at, number]}
            on={on}
          >
            <Inside fields={field.fields} at={[...at, number]} on={on} />
            <Away what={name} onAway={() => on.put([...at, number], undefined)} />
          </Entry>
        );
      })}
      <button type="button" class="button" onClick={() => on.put(at, [...rows, {}])}>
        {t("settings.add", { name: said(field.called) })}
      </button>
    </div>
  );
}

interface EntryProps {
  name: string;
  called: string;
  at: At;
  on: Editing;
  children: preact.ComponentChildren;
}

/** Folded, but for what is new or wrong. */
function Entry({ name, called: words, at, on, children }: EntryProps) {
  const value = valueAt(on.values, at);
  const wrong = on.faults.some((one) => concerns(one.key, keyOf(on.values, at)));
  const [fresh] = useState(isTable(value) && Object.keys(value).length === 0);
  const [open, setOpen] = useState(fresh);
  return (
    <details
      class="settings-entry"
      open={open || wrong}
      data-wrong={wrong}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary class="button">
        {words} <small>{name}</small>
      </summary>
      {(open || wrong) && children}
    </details>
  );
}

function called(value: unknown): string {
  const name = isTable(value) && isTable(value.name) ? value.name : null;
  return name ? said({ zh: String(name.zh ?? ""), en: String(name.en ?? "") }) : "";
}
