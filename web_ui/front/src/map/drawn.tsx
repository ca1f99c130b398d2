/** The plan as a drawing: areas by their work, what their detectors say, where people and work points are. */

import type { Live } from "../api/shapes/live.ts";
import type { Wearer } from "../api/shapes/seen.ts";
import { dangerous } from "../gas/danger.ts";
import { formula, level } from "../parts/gas.tsx";
import { brief, cut } from "../parts/name.tsx";
import { t } from "../words/words.ts";
import type { Place } from "./places.ts";
import type { Seen } from "./stage.tsx";
import { inSight } from "./view.ts";

const LABEL_PX = 90; // an area that is narrower says nothing in the drawing
const MOST_NAMES = 40; // of people at once: more would hide each other
const MOST_GASES = 6;

export function Areas({ all, chosen }: { all: Place[]; chosen: string }) {
  return (
    <>
      {all.map(({ area, look, danger, leave }) => (
        <polygon
          key={area.id}
          class="area"
          data-look={look ?? "none"}
          data-danger={danger}
          data-leave={leave}
          data-chosen={area.id === chosen}
          points={area.corners.map(([x, y]) => `${x},${-y}`).join(" ")}
        />
      ))}
    </>
  );
}

/** What each area says of itself, where there is room for it. */
export function Labels({ all, seen }: { all: Place[]; seen: Seen | null }) {
  if (!seen) return null;
  return (
    <>
      {all
        .filter((one) => one.danger || one.leave || one.span_m / seen.view.per_px >= LABEL_PX)
        .map((one) => (
          <Label key={one.area.id} place={one} />
        ))}
    </>
  );
}

function Label({ place: { area, middle, people, gas, permits } }: { place: Place }) {
  const [x, y] = middle;
  const lines = [
    { text: brief(area.name, 24), look: "name" },
    ...(people.length > 0 ? [{ text: t("map.people", { count: people.length }), look: "people" }] : []),
    ...gas.slice(0, MOST_GASES).map((one) => ({
      text: `${formula(one.gas)} ${one.level === null ? t("gas.no_value") : `${level(one.level)} ${one.unit}`}`,
      look: dangerous(one) ? "danger" : one.quality === "good" ? "good" : "bad",
    })),
    ...permits.slice(0, 2).map((one) => ({ text: cut(one.id, 24), look: "permit" })),
  ];
  return (
    <text class="label" x={x} y={-y} data-area={area.id}>
      {lines.map((one, at) => (
        <tspan
          key={one.text + one.look}
          x={x}
          dy={at === 0 ? `${-0.6 * lines.length + 0.9}em` : "1.2em"}
          data-look={one.look}
        >
          {one.text}
        </tspan>
      ))}
    </text>
  );
}

/** A mark is a line without a length, so that it is as large at every size of the plan. */
function dot(x: number, y: number): string {
  return `M${x} ${-y}h0`;
}

export function Marks({ live }: { live: Live }) {
  return (
    <>
      {live.cameras.flatMap((camera) =>
        (camera.placed ?? []).map((one) => (
          <path key={`${camera.id} ${one.track}`} class="seen" d={dot(one.x_m, one.y_m)} />
        )),
      )}
      {live.permits.map(
        ({ id, headcount }) =>
          headcount && <path key={id} class="hazard" d={dot(headcount.x_m, headcount.y_m)} />,
      )}
      {live.people.filter(placed).map((one) => (
        <path
          key={one.id}
          class="who"
          data-kind={kindOf(one)}
          data-person={one.id}
          d={dot(one.x_m, one.y_m)}
        />
      ))}
      {live.permits.map(
        ({ id, point }) =>
          point && (
            <text key={id} class="point" x={point.x_m} y={-point.y_m} dy="0.35em">
              ✕
            </text>
          ),
      )}
    </>
  );
}

/** Whose dot is whose, once so few are in sight that their names fit. */
export function Names({ people, seen }: { people: Wearer[]; seen: Seen | null }) {
  if (!seen) return null;
  const near = people.filter(placed).filter((one) => inSight(seen.view, seen.size, [one.x_m, one.y_m]));
  if (near.length > MOST_NAMES) return null;
  return (
    <>
      {near.map((one) => (
        <text key={one.id} class="called" x={one.x_m} y={-one.y_m} dx="0.8em" dy="0.35em">
          {cut(one.name, 16)}
        </text>
      ))}
    </>
  );
}

type Placed = Wearer & { x_m: number; y_m: number };

function placed(one: Wearer): one is Placed {
  return one.x_m !== null && one.y_m !== null;
}

/** Where he was is not where he is: an old place is drawn hollow. */
function kindOf(one: Wearer): "old" | "guard" | "other" {
  if (!one.fresh) return "old";
  return one.roles.includes("guard") ? "guard" : "other";
}
