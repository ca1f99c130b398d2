/** The map stays under the finger, and what is pointed at stays where it is while it grows. */
import { expect, it } from "vitest";
import { fitted, inSight, moved, spotAt, viewBox, zoomed } from "./view.ts";

const size = { width: 800, height: 400 };
const site = { x: -20, y: -30, width: 120, height: 60 };

it("fits the whole site and no less", () => {
  const view = fitted(site, size);
  expect(view).toEqual({ x: 40, y: 0, per_px: 0.15 });
  expect(inSight(view, size, [-20, -30])).toBe(true);
  expect(inSight(view, size, [-20, 31])).toBe(false);
  expect(viewBox(view, size)).toBe("-20 -30 120 60");
});

it("goes along with the finger", () => {
  const view = fitted(site, size);
  expect(spotAt(moved(view, 100, 40), 100, 40)).toEqual(spotAt(view, 0, 0));
});

it("keeps what is pointed at in its place", () => {
  const view = fitted(site, size);
  const before = spotAt(view, 200, -90);
  const after = spotAt(zoomed(view, 2, 200, -90), 200, -90);
  expect(after[0]).toBeCloseTo(before[0], 9);
  expect(after[1]).toBeCloseTo(before[1], 9);
});

it("ends at a foot's breadth and at a district", () => {
  let view = fitted(site, size);
  for (let turn = 0; turn < 60; turn++) view = zoomed(view, 2, 10, 10);
  expect(view.per_px).toBe(0.004);
  for (let turn = 0; turn < 60; turn++) view = zoomed(view, 0.5);
  expect(view.per_px).toBe(40);
});
