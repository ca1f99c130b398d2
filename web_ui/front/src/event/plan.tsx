/** Where people were before an event, on the plan of the site; north is up. Names stand beside it, not in it. */
import { nameOf } from "../api/people.ts";
import type { Way } from "../api/shapes/event.ts";
import type { Permit } from "../api/shapes/permit.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import { brief, Name } from "../parts/name.tsx";
import { lasting } from "../words/times.ts";
import { t } from "../words/words.ts";
import { frame, lastPlace, pieces, type Spot } from "./map.ts";

const OLD_S = 10; // five words of a wearable missed: where he is now, nobody knows

interface Props {
  areas: PlanArea[];
  ways: Record<string, Way>;
  permit: Permit | undefined;
  area_id: string;
  spot: Spot | null; // where the work, or what was reported, is
  names?: Record<string, string>; // of people, where no permit knows them
}

export function Plan({ areas, ways, permit, area_id, spot, names = {} }: Props) {
  const people = Object.entries(ways).map(([id, way]) => ({ id, way, last: lastPlace(way) }));
  const spots = [...people.flatMap(({ way }) => pieces(way).flat()), ...(spot ? [spot] : [])];
  const box = frame(areas, spots, area_id);
  const mark = Math.max(box.width, box.height) / 40;
  const inside = areas.filter((area) => area.corners.some(([x, y]) => holds(box, x, y)));
  return (
    <figure class="plan">
      <svg
        viewBox={`${box.x} ${-(box.y + box.height)} ${box.width} ${box.height}`}
        role="img"
        aria-label={t("event.places")}
      >
        {[...areas].reverse().map((area) => (
          <polygon
            key={area.id}
            data-work={area.id === area_id}
            points={area.corners.map(([x, y]) => `${x},${-y}`).join(" ")}
          />
        ))}
        {people.map(({ id, way }) =>
          pieces(way).map((piece) => (
            <polyline
              key={`${id} ${piece[0]?.join(" ")}`}
              points={piece.map(([x, y]) => `${x},${-y}`).join(" ")}
            />
          )),
        )}
        {people.map(({ id, last }, at) =>
          last ? (
            <g key={id} data-old={last.age_s > OLD_S}>
              <circle cx={last.place[0]} cy={-last.place[1]} r={mark * 1.5} />
              <text x={last.place[0]} y={-last.place[1]} font-size={mark * 2.2} dy="0.35em">
                {at + 1}
              </text>
            </g>
          ) : null,
        )}
        {spot && (
          <path
            class="spot"
            d={`M${spot[0] - mark} ${-spot[1] - mark}l${2 * mark} ${2 * mark}m0 ${-2 * mark}l${-2 * mark} ${2 * mark}`}
          />
        )}
      </svg>
      <figcaption>
        <ol>
          {people.map(({ id, last }) => (
            <li key={id}>
              <b>
                <Name of={names[id] ?? (permit ? nameOf(id, permit) : id)} />
              </b>{" "}
              {last === null
                ? t("event.place_never")
                : last.age_s > OLD_S
                  ? t("event.place_lost", { age: lasting(last.age_s) })
                  : t("event.place_known")}
            </li>
          ))}
        </ol>
        <p>
          {spot && `${t("event.spot")} `}
          {t("event.areas", { names: inside.map((area) => brief(area.name)).join(t("phone.comma")) })}
        </p>
      </figcaption>
    </figure>
  );
}

function holds(box: { x: number; y: number; width: number; height: number }, x: number, y: number): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}
