/** What is said of what is drawn: which area it is, whether a guard stands there, where a point lies on the plan. */
import { useState } from "preact/hooks";
import type { Corner, PictureZone, PlanPoint } from "../api/cameras.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import { t } from "../words/words.ts";
import { type Draft, FEWEST } from "./draft.ts";
import { areaName, nameOf } from "./overlay.tsx";

const EXACT = 4; // so many points fit whatever they are

interface Areas {
  draft: Draft;
  chosen: number;
  outline: Corner[] | null;
  known: string[]; // areas of the plan
  plan: readonly PlanArea[]; // what people call them
  choose: (at: number) => void;
  begin: () => void;
  finish: (area: string) => void;
  cancel: () => void;
  change: (draft: Draft) => void;
}

export function AreaTools(props: Areas) {
  const { draft, chosen, outline, known, plan, choose, begin, finish, cancel, change } = props;
  const [of, setOf] = useState(known[0] ?? "");
  const area = draft.areas[chosen];
  const put = (next: PictureZone) =>
    change({ ...draft, areas: draft.areas.map((one, at) => (at === chosen ? next : one)) });
  if (outline !== null)
    return (
      <div class="tools">
        <Choice label={t("cameras.of_area")} known={known} plan={plan} value={of} onChoose={setOf} />
        <Tool
          word={t("zones.finish", { count: outline.length })}
          off={outline.length < FEWEST}
          on={() => finish(of)}
        />
        <Tool word={t("zones.cancel")} on={cancel} />
      </div>
    );
  return (
    <>
      <fieldset class="zone-list tools" aria-label={t("cameras.draw_areas")}>
        {draft.areas.map((one, at) => (
          <button
            key={one.id}
            type="button"
            class="button"
            aria-pressed={at === chosen}
            onClick={() => choose(at)}
          >
            {nameOf(one, plan)}
          </button>
        ))}
      </fieldset>
      <div class="tools">
        <Tool word={t("zones.draw")} on={begin} />
        {area && (
          <>
            <Choice
              label={t("cameras.of_area")}
              known={known}
              plan={plan}
              value={area.area}
              onChoose={(to) => put({ ...area, area: to })}
            />
            <Tool
              word={t("cameras.post")}
              pressed={area.post}
              on={() => put({ ...area, post: !area.post })}
            />
            <Tool
              word={t("cameras.stop_on_entry")}
              pressed={area.stop_on_entry}
              on={() => put({ ...area, stop_on_entry: !area.stop_on_entry })}
            />
            <Tool
              word={t("zones.drop")}
              on={() => change({ ...draft, areas: draft.areas.filter((_, at) => at !== chosen) })}
            />
          </>
        )}
      </div>
    </>
  );
}

export function PointTools({
  draft,
  residual,
  change,
}: {
  draft: Draft;
  residual: number | null;
  change: (draft: Draft) => void;
}) {
  const put = (at: number, next: PlanPoint | null) =>
    change({
      ...draft,
      on_plan: draft.on_plan.flatMap((one, number) => (number !== at ? [one] : next ? [next] : [])),
    });
  return (
    <>
      <p class="fit" role="status">
        <b>{fitWords(draft.on_plan.length, residual)}</b>
      </p>
      <ol class="plan-points">
        {draft.on_plan.map((one, at) => (
          <li key={at}>
            <Metres
              label={t("cameras.east", { number: at + 1 })}
              value={one.plan_m[0]}
              onFigure={(x) => put(at, { ...one, plan_m: [x, one.plan_m[1]] })}
            />
            <Metres
              label={t("cameras.north", { number: at + 1 })}
              value={one.plan_m[1]}
              onFigure={(y) => put(at, { ...one, plan_m: [one.plan_m[0], y] })}
            />
            <Tool word={t("cameras.drop_point", { number: at + 1 })} on={() => put(at, null)} />
          </li>
        ))}
      </ol>
    </>
  );
}

function fitWords(count: number, residual: number | null): string {
  if (count === 0) return t("cameras.plan_none");
  if (residual === null) return t("cameras.plan_bad", { count });
  return count === EXACT
    ? t("cameras.plan_four")
    : t("cameras.plan_points", { count, residual: residual.toFixed(2) });
}

export function HideTools({ draft, change }: { draft: Draft; change: (draft: Draft) => void }) {
  return (
    <div class="tools">
      {draft.hide.map((box, at) => (
        <Tool
          key={box.join(" ")}
          word={t("cameras.drop_hide", { number: at + 1 })}
          on={() => change({ ...draft, hide: draft.hide.filter((_, number) => number !== at) })}
        />
      ))}
    </div>
  );
}

function Metres({
  label,
  value,
  onFigure,
}: {
  label: string;
  value: number;
  onFigure: (value: number) => void;
}) {
  return (
    <label class="field">
      {label}
      <input
        type="number"
        step="0.01"
        value={value}
        onInput={(event) => {
          const figure = event.currentTarget.valueAsNumber;
          if (Number.isFinite(figure)) onFigure(figure);
        }}
      />
    </label>
  );
}

interface Choose {
  label: string;
  known: string[];
  plan: readonly PlanArea[];
  value: string;
  onChoose: (value: string) => void;
}

function Choice({ label, known, plan, value, onChoose }: Choose) {
  return (
    <label class="field">
      {label}
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {(known.includes(value) ? known : [value, ...known]).map((one) => (
          <option key={one} value={one}>
            {areaName(one, plan)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Tool({
  word,
  off = false,
  pressed,
  on,
}: {
  word: string;
  off?: boolean;
  pressed?: boolean;
  on: () => void;
}) {
  return (
    <button
      type="button"
      class="button"
      disabled={off}
      {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
      onClick={on}
    >
      {word}
    </button>
  );
}
