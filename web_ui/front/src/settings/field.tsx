/** One key in a form: its name, unit, range and help, what stands there, and what is wrong with it. */
import { useId } from "preact/hooks";
import type { SettingsFault, SettingsField } from "../api/shapes/settings.ts";
import { said, t, term } from "../words/words.ts";
import { figure, isTable } from "./draft.ts";

interface Props {
  field: SettingsField;
  value: unknown;
  known: Record<string, string[]>;
  faults: SettingsFault[];
  onValue: (value: unknown) => void;
  onSecret: (value: string) => void;
}

/** A text that is not plain: its keys and values as they stand in JSON. */
export function Field(props: Props) {
  const { field, faults } = props;
  const id = useId();
  return (
    <div class="setting" data-wrong={faults.length > 0}>
      <label for={id}>
        {said(field.called)}
        {field.required && <span class="must"> {t("settings.required")}</span>}
        <small>{field.key}</small>
      </label>
      <Entry {...props} id={id} />
      <p class="hint" id={`${id}-hint`}>
        {hint(field, field.refers !== "")}
      </p>
      {faults.map((one) => (
        <p key={one.key + one.problem.en} class="setting-fault" role="alert">
          {t("settings.fault", { problem: said(one.problem), remedy: said(one.remedy) })}
        </p>
      ))}
    </div>
  );
}

/** How an id is spelt need not be said where it is one of those that are there. */
function hint(field: SettingsField, named: boolean): string {
  return [said(field.help), range(field), named ? "" : said(field.spelt), byDefault(field)]
    .filter(Boolean)
    .join(t("settings.and"));
}

function range({ least, most, above, unit }: SettingsField): string {
  const in_unit = unit ? ` ${unit}` : "";
  if (least !== null && most !== null) return `${least} – ${most}${in_unit}`;
  if (above !== null && most !== null) return `> ${above}, ≤ ${most}${in_unit}`;
  if (least !== null) return `≥ ${least}${in_unit}`;
  return unit;
}

function byDefault({ required, default: usual, kind }: SettingsField): string {
  if (required || usual === null || usual === "" || kind === "data") return "";
  const words = Array.isArray(usual) ? usual.map((one) => choice(one)).join(t("phone.comma")) : choice(usual);
  return words === "" ? "" : t("settings.default", { value: words });
}

function choice(value: unknown): string {
  if (value === true || value === false) return t(value ? "settings.yes" : "settings.no");
  return term("setting_value", String(value));
}

interface EntryProps extends Props {
  id: string;
}

function Entry(props: EntryProps) {
  const { field } = props;
  if (field.secret) return <Secret {...props} />;
  switch (field.kind) {
    case "flag":
      return <Choice {...props} among={[true, false]} />;
    case "choice":
      return <Choice {...props} among={field.choices} />;
    case "choices":
      return <Several {...props} among={field.choices.map(String)} />;
    case "texts": {
      const among = props.known[field.refers];
      return among ? <Several {...props} among={among} /> : <Lines {...props} />;
    }
    case "words":
      return <Both {...props} />;
    case "whole":
    case "number":
      return <Typed {...props} mode="decimal" read={figure} />;
    case "data":
      return <Data {...props} />;
    default:
      return <Typed {...props} mode="text" read={(typed) => (typed === "" ? undefined : typed)} />;
  }
}

interface TypedProps extends EntryProps {
  mode: "text" | "decimal";
  read: (typed: string) => unknown;
}

function Typed({ field, value, known, id, onValue, mode, read }: TypedProps) {
  const among = known[field.refers];
  return (
    <>
      <input
        id={id}
        type="text"
        inputMode={mode}
        autocomplete="off"
        list={among ? `${id}-known` : undefined}
        aria-describedby={`${id}-hint`}
        value={value === undefined ? "" : String(value)}
        onInput={(event) => onValue(read(event.currentTarget.value))}
      />
      {among && (
        <datalist id={`${id}-known`}>
          {among.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </>
  );
}

function Choice({ field, value, id, onValue, among }: EntryProps & { among: readonly unknown[] }) {
  return (
    <select
      id={id}
      aria-describedby={`${id}-hint`}
      value={value === undefined ? "" : String(value)}
      onChange={(event) => onValue(among.find((one) => String(one) === event.currentTarget.value))}
    >
      {!(field.required && value !== undefined) && <option value="">{t("settings.unsaid")}</option>}
      {among.map((one) => (
        <option key={String(one)} value={String(one)}>
          {choice(one)}
        </option>
      ))}
    </select>
  );
}

function Several({ value, id, onValue, among }: EntryProps & { among: readonly string[] }) {
  const chosen = Array.isArray(value) ? value.map(String) : [];
  const all = [...new Set([...among, ...chosen])];
  return (
    <fieldset class="several" id={id} aria-describedby={`${id}-hint`}>
      {all.map((one) => (
        <label key={one} class="tick">
          <input
            type="checkbox"
            checked={chosen.includes(one)}
            onChange={() =>
              onValue(chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one])
            }
          />
          <span>{choice(one)}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Lines({ value, id, onValue }: EntryProps) {
  const rows = Array.isArray(value) ? value.map(String) : [];
  return (
    <textarea
      id={id}
      rows={3}
      aria-describedby={`${id}-hint`}
      value={rows.join("\n")}
      onChange={(event) => {
        const lines = event.currentTarget.value.split("\n").filter((line) => line.trim() !== "");
        onValue(lines.length > 0 ? lines.map((line) => line.trim()) : undefined);
      }}
    />
  );
}

function Both({ value, id, onValue }: EntryProps) {
  const words = isTable(value) ? value : {};
  return (
    <div class="pair">
      {(["zh", "en"] as const).map((language, number) => (
        <input
          key={language}
          id={number === 0 ? id : undefined}
          type="text"
          autocomplete="off"
          lang={language === "zh" ? "zh-CN" : "en"}
          aria-label={t(language === "zh" ? "zones.name_zh" : "zones.name_en")}
          value={String(words[language] ?? "")}
          onInput={(event) => onValue({ zh: "", en: "", ...words, [language]: event.currentTarget.value })}
        />
      ))}
    </div>
  );
}

function Data({ value, id, onValue }: EntryProps) {
  return (
    <textarea
      id={id}
      rows={3}
      spellcheck={false}
      aria-describedby={`${id}-hint`}
      value={value === undefined ? "" : JSON.stringify(value)}
      onChange={(event) => onValue(parsed(event.currentTarget.value))}
    />
  );
}

/** What is no JSON goes as it is: the box says what belongs there. */
function parsed(typed: string): unknown {
  if (typed.trim() === "") return undefined;
  try {
    return JSON.parse(typed);
  } catch {
    return typed;
  }
}

/** Set, never shown: what stands there now lies in a file that only the agent reads. */
function Secret({ value, id, onSecret }: EntryProps) {
  return (
    <div class="secret-entry">
      <p>{t(value === undefined ? "settings.secret_none" : "settings.secret_set")}</p>
      <textarea
        id={id}
        class="veiled"
        rows={1}
        autocomplete="off"
        spellcheck={false}
        aria-describedby={`${id}-hint`}
        placeholder={t("settings.secret_new")}
        onInput={(event) => onSecret(event.currentTarget.value)}
      />
    </div>
  );
}
