/**
 * The plan under the finger: dragged, pinched, turned by the wheel, moved by keys. A frame changes two attributes and
 * draws nothing anew, so that it stays smooth with hundreds of people; what depends on the size is drawn once it rests.
 */
import { useCallback, useEffect, useRef } from "preact/hooks";
import type { Frame, Spot } from "../event/map.ts";
import { t } from "../words/words.ts";
import { fitted, moved, type Size, spotAt, type View, viewBox, zoomed } from "./view.ts";

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
  onTap?: ((spot: Spot, per_px: number) => void) | undefined;
  onHandle?: ((handle: string, spot: Spot, per_px: number, done: boolean) => void) | undefined; // a mark with data-handle is dragged
  children: preact.ComponentChildren;
}

export function Stage({ whole, near, label, onRest, onTap, onHandle, children }: Props) {
  const svg = useRef<SVGSVGElement>(null);
  const { seen, go, home } = useView(svg, whole, onRest);
  const touched = useRef<Touched>({});
  touched.current = { onTap, onHandle };
  usePointers(svg, seen, go, touched);
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
  return { seen, go, home };
}

type Touched = Pick<Props, "onTap" | "onHandle">;
type Finger = { x: number; y: number };
const TAP_PX = 6;

/** One finger drags the plan or one of its handles, two pinch, the wheel turns; a touch that goes nowhere is a tap. */
function usePointers(
  svg: { current: SVGSVGElement | null },
  seen: { current: Seen | null },
  go: Go,
  touched: { current: Touched },
) {
  useEffect(() => {
    const drawn = svg.current;
    if (!drawn) return;
    const fingers = new Map<number, Finger>();
    let handle: string | null = null;
    let begun: Finger | null = null; // of a touch that may be a tap
    const middle = ({ x, y }: Finger): [number, number] => {
      const box = drawn.getBoundingClientRect();
      return [x - box.left - box.width / 2, y - box.top - box.height / 2];
    };
    const there = (finger: Finger, then: (spot: Spot, per_px: number) => void) => {
      const view = seen.current?.view;
      if (view) then(spotAt(view, ...middle(finger)), view.per_px);
    };
    const at = (event: PointerEvent | WheelEvent): Finger => ({ x: event.clientX, y: event.clientY });
    const onto = (finger: Finger, done: boolean) => {
      const name = handle;
      if (name !== null)
        there(finger, (spot, per_px) => touched.current.onHandle?.(name, spot, per_px, done));
    };
    const pressed = (event: PointerEvent) => {
      fingers.set(event.pointerId, at(event));
      drawn.setPointerCapture(event.pointerId);
      handle = (event.target as Element).closest("[data-handle]")?.getAttribute("data-handle") ?? null;
      begun = fingers.size === 1 ? at(event) : null;
    };
    const dragged = (event: PointerEvent) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const now = at(event);
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
      fingers.set(event.pointerId, now);
      if (begun && apart(begun, now) > TAP_PX) begun = null;
      if (other) pinched(before, now, other);
      else if (handle !== null) onto(now, false);
      else go((view) => moved(view, now.x - before.x, now.y - before.y));
    };
    const pinched = (before: Finger, now: Finger, other: Finger) => {
      const factor = apart(now, other) / Math.max(apart(before, other), 1);
      const between = middle({ x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
      go((view) => zoomed(moved(view, (now.x - before.x) / 2, (now.y - before.y) / 2), factor, ...between));
    };
    const lifted = (event: PointerEvent) => {
      if (!fingers.delete(event.pointerId)) return;
      if (handle !== null) onto(at(event), true);
      else if (begun) there(begun, (spot, per_px) => touched.current.onTap?.(spot, per_px));
      handle = null;
      begun = null;
    };
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      go((view) => zoomed(view, Math.exp(-event.deltaY / 400), ...middle(at(event))));
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
  }, [svg, seen, go, touched]);
}

function apart(one: Finger, other: Finger): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
