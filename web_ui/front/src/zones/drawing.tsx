/** The areas under the pencil: the chosen one with its corners to be dragged, and the one that is being begun. */
import type { Area } from "../api/shapes/places.ts";
import type { Spot } from "../event/map.ts";
import { middleOf, spanOf } from "../map/places.ts";
import { brief } from "../parts/name.tsx";

interface Props {
  areas: Area[];
  chosen: string;
  picked: number[]; // corners that are marked for a split
  outline: Spot[]; // of a new area
  wide_m: number; // an area that is narrower has no room for its name, unless it is the chosen one
}

export function Drawing({ areas, chosen, picked, outline, wide_m }: Props) {
  const area = areas.find((one) => one.id === chosen);
  return (
    <>
      {[...areas].reverse().map((one) => (
        <polygon
          key={one.id}
          class="area"
          data-look="none"
          data-chosen={one.id === chosen}
          data-danger={false}
          data-leave={false}
          points={pointsOf(one.corners)}
        />
      ))}
      {areas
        .filter((one) => one.id === chosen || spanOf(one.corners) > wide_m)
        .map((one) => {
          const [x, y] = middleOf(one.corners);
          return (
            <text key={one.id} class="label" x={x} y={-y}>
              {brief(one.name, 24)}
            </text>
          );
        })}
      {area?.corners.map(([x, y], at) => (
        <g key={at}>
          <path class="corner" data-handle={at} data-picked={picked.includes(at)} d={`M${x} ${-y}h0`} />
          <text class="called" x={x} y={-y} dx="0.8em" dy="-0.5em">
            {at + 1}
          </text>
        </g>
      ))}
      {outline.length > 0 && <polyline class="outline" points={pointsOf(outline)} />}
      {outline.map(([x, y], at) => (
        <path key={at} class="corner" data-picked={true} d={`M${x} ${-y}h0`} />
      ))}
    </>
  );
}

function pointsOf(spots: readonly Spot[]): string {
  return spots.map(([x, y]) => `${x},${-y}`).join(" ");
}
