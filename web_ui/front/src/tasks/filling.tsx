/** What all forms of tasks share: what they are given, how they tell what is filled in, a line of text. */
import { useLayoutEffect } from "preact/hooks";
import type { Live } from "../api/shapes/live.ts";
import type { Permit, Step } from "../api/shapes/permit.ts";
import type { Fields } from "./forms.ts";

export interface FillingProps {
  permit: Permit;
  step: Step;
  live: Live;
  onFields: (fields: Fields | null) => void;
}

export type Filling = (props: FillingProps) => preact.JSX.Element | null;

/** Tell the form what is filled in, whenever that changes: at once, since a badge may come with the next key. */
export function useFields(fields: Fields | null, onFields: FillingProps["onFields"]): void {
  const text = JSON.stringify(fields);
  useLayoutEffect(() => onFields(JSON.parse(text) as Fields | null), [text, onFields]);
}

interface LineProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
}

export function Line({ label, value, onValue }: LineProps) {
  return (
    <label class="field">
      {label}
      <input value={value} maxLength={200} onInput={(event) => onValue(event.currentTarget.value)} />
    </label>
  );
}
