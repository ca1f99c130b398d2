/** A day that somebody enters: how far it may lie is said beside it, and what lies outside before anybody signs. */
import { useId } from "preact/hooks";
import { t } from "../words/words.ts";
import { Icon } from "./icon.tsx";

const LAST = "9999-12-31"; // a year has four digits

interface Range {
  least?: string; // "": any
  most?: string;
}

interface Props extends Range {
  label: string;
  day: string;
  onDay: (day: string) => void;
  past?: string; // what to say of a day before today, where that is no mistake
  today?: string;
}

/** Days as a date field writes them are in the order of their letters. */
export function within(day: string, { least = "", most = "" }: Range): boolean {
  return day === "" || ((least === "" || day >= least) && (most === "" || day <= most));
}

/** A day so many days after another one. */
export function later(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

export function Day({ label, day, onDay, least = "", most = "", past = "", today = "" }: Props) {
  const id = useId();
  const wrong = !within(day, { least, most });
  const over = past !== "" && day !== "" && day < today;
  return (
    <label class="field">
      {label}
      <input
        type="date"
        value={day}
        min={least || undefined}
        max={most || LAST}
        aria-invalid={wrong}
        aria-describedby={id}
        onInput={(event) => onDay(event.currentTarget.value)}
      />
      <small id={id} role="status" class={wrong || over ? "day-wrong" : "hint"}>
        {(wrong || over) && <Icon of="warning" />} {over && !wrong ? past : range(least, most)}
      </small>
    </label>
  );
}

function range(least: string, most: string): string {
  if (least !== "" && most !== "") return t("testing.day_between", { least, most });
  return least === "" ? "" : t("testing.day_from", { least });
}
