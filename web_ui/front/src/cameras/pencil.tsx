/** What can be dragged on the picture: corners of the chosen area, points of the floor; and a tap where there is nothing. */
import { useRef } from "preact/hooks";
import type { Box, Corner } from "../api/cameras.ts";
import { t } from "../words/words.ts";
import { pointsOf, type Size } from "./overlay.tsx";

const STEP = 0.01; // of the picture, by an arrow key
const KEYS: Record<string, Corner> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

interface Props {
  size: Size;
  per_px: number;
  handles: Corner[];
  outline: Corner[]; // what is being begun
  hide: Box[];
  onMove: (at: number, to: Corner) => void;
  onTap: (at: Corner) => void;
}

export function Pencil({ size, per_px, handles, outline, hide, onMove, onTap }: Props) {
  const ground = useRef<SVGRectElement>(null);
  const dragged = useRef<number | null>(null);
  const at = (event: PointerEvent | MouseEvent): Corner => {
    const box = ground.current?.getBoundingClientRect();
    if (!box) return [0, 0];
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  return (
    <g class="pencil">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a drawing is tapped where there is nothing yet */}
      <rect
        ref={ground}
        class="ground"
        width={size.width}
        height={size.height}
        onClick={(event) => onTap(at(event))}
      />
      {hide.map((one) => (
        <rect
          key={one.join(" ")}
          class="hide"
          x={one[0] * size.width}
          y={one[1] * size.height}
          width={(one[2] - one[0]) * size.width}
          height={(one[3] - one[1]) * size.height}
        />
      ))}
      {outline.length > 0 && <polyline class="outline" points={pointsOf(outline, size)} />}
      {outline.map(([x, y]) => (
        <circle key={`${x} ${y}`} class="begun" cx={x * size.width} cy={y * size.height} r={6 * per_px} />
      ))}
      {handles.map(([x, y], number) => (
        // biome-ignore lint/a11y/useSemanticElements: a handle in a drawing is no button of HTML
        <g
          key={number}
          class="handle"
          role="button"
          tabindex={0} // as SVG spells it
          aria-label={t("cameras.corner", { number: number + 1 })}
          onKeyDown={(event) => {
            const by = KEYS[event.key];
            if (!by) return;
            event.preventDefault();
            onMove(number, [x + by[0], y + by[1]]);
          }}
          onPointerDown={(event) => {
            event.preventDefault();
            event.currentTarget.setPointerCapture(event.pointerId);
            dragged.current = number;
          }}
          onPointerMove={(event) => dragged.current === number && onMove(number, at(event))}
          onPointerUp={() => {
            dragged.current = null;
          }}
        >
          <circle cx={x * size.width} cy={y * size.height} r={22 * per_px} class="reach" />
          <circle cx={x * size.width} cy={y * size.height} r={8 * per_px} />
          <text
            class="said"
            x={x * size.width + 10 * per_px}
            y={y * size.height - 10 * per_px}
            stroke-width={4 * per_px}
          >
            {number + 1}
          </text>
        </g>
      ))}
    </g>
  );
}
