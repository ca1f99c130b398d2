/**
 * The plan under the finger: dragged, pinched, turned by the wheel, moved by keys. A frame changes two attributes and
 * draws nothing anew, so that it stays smooth with hundreds of people; what depends on the size is drawn once it rests.
 */
import { useCallback, useEffect, useRef } from "preact/hooks";
import type { Frame } from "../event/map.ts";
import { t } from "../words/words.ts";
import { fitted, moved, type Size, type View, viewBox, zoomed } from "./view.ts";

const TEXT_PX = 14;
const STEP_PX = 80;
const STEP = 1.5;
const REST_MS = 120;

const KEYS: Record<string, (view: View) => View> = {
  ArrowLeft: (view) => moved(view, STEP_PX, 0),
  ArrowRight: (view) => moved(view, -STEP_PX, 0),
  ArrowUp: (view) => moved(view, 0, STEP_PX),
  ArrowDown: (view) => moved(view, 0, -STEP_PX),
  "+": (view) => zoomed(view, STEP),
  "-": (view) => zoomed(view, 1 / STEP),
};

export interface Seen {
  view: View;
  size: Size;
}

interface Props {
  whole: Frame;
  near: Frame | null; // where to go now
  label: string;
  onRest: (seen: Seen) => void;
  children: preact.ComponentChildren;
}

export function Stage({ whole, near, label, onRest, children }: Props) {
  const svg = useRef<SVGSVGElement>(null);
  const { go, home } = useView(svg, whole, onRest);
  usePointers(svg, go);
  useEffect(() => {
    if (near) go((_, size) => fitted(near, size));
  }, [near, go]);
  const turn = (factor: number) => go((view) => zoomed(view, factor));
  return (
    <div class="stage">
      <svg ref={svg} role="img" aria-label={label}>
        {children}
      </svg>
      <div
        class="turns"
        role="toolbar"
        aria-label={t("map.turns")}
        onKeyDown={(event) => {
          const by = KEYS[event.key];
          if (!by) return;
          event.preventDefault();
          go(by);
        }}
      >
        <button type="button" class="button" aria-label={t("map.larger")} onClick={() => turn(STEP)}>
          +
        </button>
        <button type="button" class="button" aria-label={t("map.smaller")} onClick={() => turn(1 / STEP)}>
          −
        </button>
        <button type="button" class="button" onClick={home}>
          {t("map.whole")}
        </button>
      </div>
    </div>
  );
}

type Go = (by: (view: View, size: Size) => View) => void;

/** What is in sight: told to the picture with each frame, and to the page when it rests. */
function useView(svg: { current: SVGSVGElement | null }, whole: Frame, onRest: Props["onRest"]) {
  const seen = useRef<Seen | null>(null);
  const frame = useRef(0);
  const rest = useRef(0);
  const paint = useCallback(() => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => {
      if (!svg.current || !seen.current) return;
      const { view, size } = seen.current;
      svg.current.setAttribute("viewBox", viewBox(view, size));
      svg.current.setAttribute("font-size", String(TEXT_PX * view.per_px));
    });
    clearTimeout(rest.current);
    rest.current = window.setTimeout(() => {
      if (seen.current) onRest(seen.current);
    }, REST_MS);
  }, [svg, onRest]);
  const go: Go = useCallback(
    (by) => {
      if (!seen.current) return;
      seen.current = { ...seen.current, view: by(seen.current.view, seen.current.size) };
      paint();
    },
    [paint],
  );
  const home = useCallback(() => go((_, size) => fitted(whole, size)), [go, whole]);
  useEffect(() => {
    const drawn = svg.current;
    if (!drawn) return;
    const watch = new ResizeObserver(() => {
      const size = { width: drawn.clientWidth, height: drawn.clientHeight };
      if (size.width === 0 || size.height === 0) return;
      seen.current = { size, view: seen.current?.view ?? fitted(whole, size) };
      paint();
    });
    watch.observe(drawn);
    return () => watch.disconnect();
  }, [svg, whole, paint]);
  return { go, home };
}

/** One finger drags, two pinch, the wheel turns. */
function usePointers(svg: { current: SVGSVGElement | null }, go: Go) {
  const down = useRef(new Map<number, { x: number; y: number }>());
  useEffect(() => {
    const drawn = svg.current;
    if (!drawn) return;
    const fingers = down.current;
    const middle = (x: number, y: number): [number, number] => {
      const box = drawn.getBoundingClientRect();
      return [x - box.left - box.width / 2, y - box.top - box.height / 2];
    };
    const pressed = (event: PointerEvent) => {
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      drawn.setPointerCapture(event.pointerId);
    };
    const dragged = (event: PointerEvent) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const now = { x: event.clientX, y: event.clientY };
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
      fingers.set(event.pointerId, now);
      if (!other) {
        go((view) => moved(view, now.x - before.x, now.y - before.y));
        return;
      }
      const apart = (one: { x: number; y: number }) => Math.hypot(one.x - other.x, one.y - other.y);
      const factor = apart(now) / Math.max(apart(before), 1);
      const at = middle((now.x + other.x) / 2, (now.y + other.y) / 2);
      go((view) => zoomed(moved(view, (now.x - before.x) / 2, (now.y - before.y) / 2), factor, ...at));
    };
    const lifted = (event: PointerEvent) => fingers.delete(event.pointerId);
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const at = middle(event.clientX, event.clientY);
      go((view) => zoomed(view, Math.exp(-event.deltaY / 400), ...at));
    };
    const heard: [string, (event: never) => void][] = [
      ["pointerdown", pressed],
      ["pointermove", dragged],
      ["pointerup", lifted],
      ["pointercancel", lifted],
    ];
    for (const [name, hear] of heard) drawn.addEventListener(name, hear as EventListener);
    drawn.addEventListener("wheel", wheel, { passive: false });
    return () => {
      for (const [name, hear] of heard) drawn.removeEventListener(name, hear as EventListener);
      drawn.removeEventListener("wheel", wheel);
    };
  }, [svg, go]);
}
