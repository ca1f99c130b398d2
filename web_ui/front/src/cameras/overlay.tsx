/** What is drawn over a picture: areas, guards' posts and openings as the settings have them; people as they were seen. */
import type { CameraSet, Corner, PictureZone, Shown } from "../api/cameras.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import { brief } from "../parts/name.tsx";
import { t, term } from "../words/words.ts";
import { signsOf, standingOf } from "./verdict.ts";

export interface Size {
  width: number;
  height: number;
}

interface Props {
  size: Size; // of the picture, in its own pixels
  per_px: number; // so many of them are one pixel of the screen
  children: preact.ComponentChildren;
  label: string;
  touched: boolean; // something in it is
}

/** The same frame as the picture below it. */
export function Overlay({ size, per_px, label, touched, children }: Props) {
  return (
    <svg
      class="overlay"
      viewBox={`0 0 ${size.width} ${size.height}`}
      font-size={14 * per_px}
      role={touched ? "group" : "img"}
      aria-label={label}
    >
      {children}
    </svg>
  );
}

export function pointsOf(corners: readonly Corner[], size: Size): string {
  return corners.map(([x, y]) => `${(x * size.width).toFixed(1)},${(y * size.height).toFixed(1)}`).join(" ");
}

interface Drawn {
  size: Size;
  per_px: number;
}

export function Zones({ set, plan, size, per_px }: Drawn & { set: CameraSet; plan: readonly PlanArea[] }) {
  return (
    <g class="zones-seen">
      {set.areas
        .filter((one) => one.corners.length > 2)
        .map((one) => (
          <g key={one.id}>
            <polygon
              points={pointsOf(one.corners, size)}
              data-post={one.post}
              data-stop={one.stop_on_entry}
            />
            <Label at={lowest(one.corners)} size={size} per_px={per_px} text={nameOf(one, plan)} />
          </g>
        ))}
      {set.openings.map((one) => (
        <g key={one.id} class="opening">
          {one.mouth.length > 2 && <polygon points={pointsOf(one.mouth, size)} />}
          {one.line.length > 1 && <polyline points={pointsOf(one.line, size)} />}
          <Label
            at={one.mouth[0] ?? one.line[0] ?? [0, 0]}
            size={size}
            per_px={per_px}
            text={`${t("cameras.opening")} ${one.id}`}
          />
        </g>
      ))}
    </g>
  );
}

/** As people call it; by its id where the plan has none of it. */
export function areaName(id: string, plan: readonly PlanArea[]): string {
  const found = plan.find((one) => one.id === id);
  return found ? brief(found.name) : id;
}

export function nameOf(zone: PictureZone, plan: readonly PlanArea[]): string {
  const more = [zone.post ? t("cameras.post") : "", zone.stop_on_entry ? t("cameras.stop_on_entry") : ""];
  return [areaName(zone.area, plan), ...more].filter((one) => one !== "").join(" · ");
}

/** Where its name stands: people's stand above their heads. */
function lowest(corners: readonly Corner[]): Corner {
  return [...corners].sort((one, two) => two[1] - one[1] || one[0] - two[0])[0] ?? [0, 0];
}

export function People({ shown, size, per_px }: Drawn & { shown: Shown }) {
  return (
    <g class="people-seen">
      {shown.things.map(({ box: [x1, y1, x2, y2], label }, at) => (
        <rect
          key={at}
          class="thing"
          data-thing={label}
          x={x1 * size.width}
          y={y1 * size.height}
          width={(x2 - x1) * size.width}
          height={(y2 - y1) * size.height}
        />
      ))}
      {shown.persons.map((one) => {
        const [x1, y1, x2, y2] = one.box;
        return (
          <g key={one.track} data-standing={standingOf(one)}>
            <rect
              x={x1 * size.width}
              y={y1 * size.height}
              width={(x2 - x1) * size.width}
              height={(y2 - y1) * size.height}
            />
            <Label
              at={[x1, y1]}
              size={size}
              per_px={per_px}
              text={signsOf(one, (item) => term("item", item))}
            />
          </g>
        );
      })}
    </g>
  );
}

/** Words on a dark ground of their own: readable on any picture. Kept inside it. */
function Label({ at: [x, y], size, per_px, text }: Drawn & { at: Corner; text: string }) {
  const high = 20 * per_px;
  const left = Math.min(x * size.width, Math.max(0, size.width - text.length * 9 * per_px));
  return (
    <text class="said" x={left} y={Math.max(high, y * size.height - 4 * per_px)} stroke-width={4 * per_px}>
      {text}
    </text>
  );
}
