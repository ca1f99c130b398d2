/** The chosen area in figures and words: name, height band, every corner; for whoever has surveyed it. */
import { useEffect, useState } from "preact/hooks";
import type { Area } from "../api/shapes/places.ts";
import { t } from "../words/words.ts";
import { addCorner, dropCorner, moveCorner, set } from "./draft.ts";

/** A change of what there is when it is made: two at once lose nothing. */
export type Change = (by: (areas: Area[]) => Area[]) => void;

interface Props {
  area: Area;
  picked: number[];
  pick: (corner: number) => void;
  change: Change;
}

export function Fields({ area, picked, pick, change }: Props) {
  const { id, name, floor_m, ceiling_m, corners } = area;
  const put = (part: Partial<Area>) => change((areas) => set(areas, id, part));
  return (
    <section class="card zone-fields" aria-label={id}>
      <h2>{t("zones.chosen", { id })}</h2>
      <Typed label={t("zones.name_zh")} value={name.zh} onValue={(zh) => put({ name: { ...name, zh } })} />
      <Typed label={t("zones.name_en")} value={name.en} onValue={(en) => put({ name: { ...name, en } })} />
      <div class="pair">
        <Figure
          label={t("zones.floor")}
          step="0.1"
          value={floor_m}
          onValue={(value) => put({ floor_m: value })}
        />
        <Figure
          label={t("zones.ceiling")}
          step="0.1"
          value={ceiling_m}
          onValue={(value) => put({ ceiling_m: value })}
        />
      </div>
      <h3>{t("zones.corners")}</h3>
      <ol class="corners">
        {corners.map((corner, at) => (
          <Corner
            key={`${at} of ${corners.length}`}
            at={at}
            corner={corner}
            few={corners.length <= 3}
            id={id}
            picked={picked.includes(at)}
            pick={pick}
            change={change}
          />
        ))}
      </ol>
    </section>
  );
}

interface CornerProps {
  at: number;
  corner: [number, number];
  few: boolean;
  id: string;
  picked: boolean;
  pick: (corner: number) => void;
  change: Change;
}

function Corner({ at, corner: [x, y], few, id, picked, pick, change }: CornerProps) {
  const number = at + 1;
  const move = (to: [number, number]) => change((areas) => moveCorner(areas, id, at, to));
  return (
    <li>
      <button
        type="button"
        class="button"
        aria-pressed={picked}
        aria-label={t("zones.corner", { number })}
        onClick={() => pick(at)}
      >
        {number}
      </button>
      <Figure
        step="0.01"
        label={t("zones.east", { number })}
        value={x}
        onValue={(value) => value !== null && move([value, y])}
      />
      <Figure
        step="0.01"
        label={t("zones.north", { number })}
        value={y}
        onValue={(value) => value !== null && move([x, value])}
      />
      <button
        type="button"
        class="button quiet"
        aria-label={t("zones.add_corner", { number })}
        onClick={() => change((areas) => addCorner(areas, id, at))}
      >
        +
      </button>
      <button
        type="button"
        class="button quiet"
        aria-label={t("zones.drop_corner", { number })}
        disabled={few}
        onClick={() => change((areas) => dropCorner(areas, id, at))}
      >
        −
      </button>
    </li>
  );
}

/** What is being typed stays, however often the page is drawn anew meanwhile. */
function useTyped(value: string) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  return {
    value: text,
    onInput: (event: { currentTarget: HTMLInputElement }) => setText(event.currentTarget.value),
  };
}

interface TypedProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
}

function Typed({ label, value, onValue }: TypedProps) {
  return (
    <label class="field">
      {label}
      <input maxLength={60} {...useTyped(value)} onChange={(event) => onValue(event.currentTarget.value)} />
    </label>
  );
}

interface FigureProps {
  label: string;
  step: string;
  value: number | null;
  onValue: (value: number | null) => void; // null: it is empty
}

function Figure({ label, step, value, onValue }: FigureProps) {
  return (
    <label class="field figure-field">
      <span>{label}</span>
      <input
        type="number"
        step={step}
        {...useTyped(value === null ? "" : String(value))}
        onChange={(event) => {
          const said = event.currentTarget.valueAsNumber;
          onValue(Number.isNaN(said) ? null : said);
        }}
      />
    </label>
  );
}
