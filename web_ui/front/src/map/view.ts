/** Which part of the plan is in sight, in metres (x east, y north up): fitted, moved, and made larger. Pure. */
import type { Frame, Spot } from "../event/map.ts";

/** `per_px`: metres of the plan for one pixel; `x`, `y` lie in the middle of the picture. */
export interface View {
  x: number;
  y: number;
  per_px: number;
}

export interface Size {
  width: number;
  height: number;
}

const NEAREST = 0.004; // metres a pixel: a person's foot
const FARTHEST = 40;

export function fitted(frame: Frame, { width, height }: Size): View {
  const per_px = Math.max(frame.width / width, frame.height / height);
  return { x: frame.x + frame.width / 2, y: frame.y + frame.height / 2, per_px: bounded(per_px) };
}

/** The plan goes along with what drags it. */
export function moved(view: View, right_px: number, down_px: number): View {
  return { ...view, x: view.x - right_px * view.per_px, y: view.y + down_px * view.per_px };
}

/** Larger by `factor`; what lies so far from the middle of the picture stays where it is. */
export function zoomed(view: View, factor: number, right_px = 0, down_px = 0): View {
  const per_px = bounded(view.per_px / factor);
  const change = view.per_px - per_px;
  return { per_px, x: view.x + right_px * change, y: view.y - down_px * change };
}

/** SVG counts downwards. */
export function viewBox({ x, y, per_px }: View, { width, height }: Size): string {
  const [wide, high] = [width * per_px, height * per_px];
  return `${x - wide / 2} ${-y - high / 2} ${wide} ${high}`;
}

export function inSight(view: View, { width, height }: Size, [x, y]: Spot): boolean {
  return (
    Math.abs(x - view.x) <= (width / 2) * view.per_px && Math.abs(y - view.y) <= (height / 2) * view.per_px
  );
}

/** Where a point of the picture, so far from its middle, lies on the plan. */
export function spotAt(view: View, right_px: number, down_px: number): Spot {
  return [view.x + right_px * view.per_px, view.y - down_px * view.per_px];
}

function bounded(per_px: number): number {
  return Math.min(Math.max(per_px, NEAREST), FARTHEST);
}
