/** Where in the area the work is: its middle, a post near it, or a place on a small plan; fine steps for gloves. */
import type { OfferedPoint, PlanArea } from "../api/shapes/places.ts";
import { frame } from "../event/map.ts";
import { brief } from "../parts/name.tsx";
import { t } from "../words/words.ts";
import { Pick } from "./pick.tsx";

const STEP_M = 0.5;
const MIDDLE = "middle";

interface Spot {
  x_m: number;
  y_m: number;
}

interface Props {
  area: PlanArea;
  areas: PlanArea[];
  offered: OfferedPoint[]; // the middle first
  at: Spot;
  isMiddle: boolean; // nobody has said another place
  onPoint: (point: Spot | null) => void;
}

export function PointPick({ area, areas, offered, at, isMiddle, onPoint }: Props) {
  const posts = offered.slice(1);
  const same = (one: Spot) => one.x_m === at.x_m && one.y_m === at.y_m;
  const post = isMiddle ? -1 : posts.findIndex(same);
  const move = (x: number, y: number) =>
    onPoint({ x_m: tenth(at.x_m + x * STEP_M), y_m: tenth(at.y_m + y * STEP_M) });
  const steps = [
    ["west", -1, 0],
    ["north", 0, 1],
    ["south", 0, -1],
    ["east", 1, 0],
  ] as const;
  return (
    <>
      <Pick
        label={t("point.title")}
        choices={[
          { id: MIDDLE, words: t("point.middle") },
          ...posts.map((one, index) => ({ id: String(index), words: brief(one.words, 40) })),
        ]}
        chosen={[isMiddle ? MIDDLE : String(post)]}
        none=""
        onChosen={([id]) => {
          const { x_m, y_m } = posts[Number(id)] ?? at;
          onPoint(id === MIDDLE ? null : { x_m, y_m });
        }}
      />
      <p class="hint">{t("point.tap")}</p>
      <Ground area={area} areas={areas} at={at} onPoint={onPoint} />
      <div class="nudge">
        {steps.map(([way, x, y]) => (
          <button
            type="button"
            class="button"
            key={way}
            aria-label={t(`point.${way}` as const)}
            onClick={() => move(x, y)}
          >
            <span aria-hidden="true">{ARROWS[way]}</span>
          </button>
        ))}
      </div>
      <p class="spot-at">{t(isMiddle ? "point.at_middle" : "point.at", { x: at.x_m, y: at.y_m })}</p>
    </>
  );
}

const ARROWS = { west: "←", north: "↑", south: "↓", east: "→" } as const;

const tenth = (value: number) => Math.round(value * 10) / 10;

/** North is up. A press of the keyboard has no place on it: the arrows below are for that. */
function Ground({ area, areas, at, onPoint }: MapProps) {
  const box = frame(areas, [[at.x_m, at.y_m]], area.id);
  const mark = Math.max(box.width, box.height) / 30;
  const place = (event: MouseEvent & { currentTarget: HTMLElement }) => {
    const drawn = event.currentTarget.querySelector("svg")?.getScreenCTM();
    if (!drawn || event.detail === 0) return;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawn.inverse());
    onPoint({ x_m: tenth(x), y_m: tenth(-y) });
  };
  return (
    <button type="button" class="plan map" aria-label={t("point.tap")} onClick={place}>
      <svg
        viewBox={`${box.x} ${-(box.y + box.height)} ${box.width} ${box.height}`}
        aria-hidden="true"
        focusable="false"
      >
        {[...areas].reverse().map((one) => (
          <polygon
            key={one.id}
            data-work={one.id === area.id}
            points={one.corners.map(([x, y]) => `${x},${-y}`).join(" ")}
          />
        ))}
        <path
          class="spot"
          d={`M${at.x_m - mark} ${-at.y_m - mark}l${2 * mark} ${2 * mark}m0 ${-2 * mark}l${-2 * mark} ${2 * mark}`}
        />
      </svg>
    </button>
  );
}

type MapProps = Omit<Props, "offered" | "isMiddle">;
