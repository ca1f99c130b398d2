/** Drawing areas: nothing is lost that was not deleted, everything can be taken back, and what is written is TOML. */
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import type { Area } from "../api/shapes/places.ts";
import * as draft from "./draft.ts";
import { toToml } from "./toml.ts";

const area = (id: string, corners: [number, number][], more: Partial<Area> = {}): Area => ({
  id,
  name: { zh: id, en: id },
  corners,
  floor_m: null,
  ceiling_m: null,
  ppe: [],
  authorised_only: false,
  ...more,
});
const square = (x: number, y: number, side: number): [number, number][] => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
];
const tank = area("tank", square(0, 0, 4), { ppe: ["helmet"], ceiling_m: 6 });
const yard = area("yard", square(-10, -10, 60));
const both = [tank, yard];

it("takes every change back and forth again", () => {
  const first = draft.changed(draft.begun(both), draft.moveCorner(both, "tank", 1, [5, 0]));
  const second = draft.changed(first, draft.drop(first.areas, "tank"));
  expect(second.areas.map((one) => one.id)).toEqual(["yard"]);
  expect(draft.undone(second).areas).toEqual(first.areas);
  expect(draft.undone(draft.undone(second)).areas).toEqual(both);
  expect(draft.undone(draft.begun(both)).areas).toEqual(both);
  expect(draft.redone(draft.undone(second)).areas).toEqual(second.areas);
  expect(draft.changed(draft.undone(second), both).after).toEqual([]);
});

it("keeps three corners, and puts a new one on the edge", () => {
  expect(draft.addCorner(both, "tank", 3)[0]?.corners.at(-1)).toEqual([0, 2]);
  const three = draft.dropCorner(both, "tank", 0);
  expect(three[0]?.corners.length).toBe(3);
  expect(draft.dropCorner(three, "tank", 0)[0]?.corners.length).toBe(3);
});

it("splits along a diagonal into two that are together what it was", () => {
  const [one, other, rest] = draft.split(both, "tank", 2, 0);
  expect([one?.id, other?.id, rest?.id].sort()).toEqual(["tank", "tank-2", "yard"]);
  expect([one?.corners.length, other?.corners.length]).toEqual([3, 3]);
  expect(other?.ppe).toEqual(["helmet"]);
  expect(draft.split(both, "tank", 0, 1)).toBe(both);
});

it("puts the smaller area first, since there the first one counts", () => {
  const shed = area("shed", square(20, 20, 5));
  expect(draft.add(both, shed).map((one) => one.id)).toEqual(["tank", "shed", "yard"]);
});

it("finds the area that counts where they overlap", () => {
  expect(draft.areaAt(both, [1, 1])?.id).toBe("tank");
  expect(draft.areaAt(both, [10, 10])?.id).toBe("yard");
  expect(draft.areaAt(both, [-50, 0])).toBeUndefined();
});

it("takes areas from elsewhere and keeps what GeoJSON does not tell", () => {
  const moved = area("tank", square(1, 1, 4), { ceiling_m: 7 });
  const [first] = draft.merged(both, [moved]);
  expect([first?.corners[0], first?.ceiling_m, first?.ppe]).toEqual([[1, 1], 7, ["helmet"]]);
});

describe("snapping", () => {
  it("goes to a corner before an edge, and to no corner of its own", () => {
    expect(draft.snapped(both, [4.1, 0.1], 0.5, null)).toEqual([4, 0]);
    expect(draft.snapped(both, [4.1, 0.1], 0.5, { id: "tank", at: 1 })).toEqual([4.1, 0.1]);
    expect(draft.snapped(both, [20, -9.8], 0.5, null)).toEqual([20, -10]);
    expect(draft.snapped(both, [20.123_45, 20], 0.5, null)).toEqual([20.12, 20]);
  });
});

it("writes what a reader of TOML reads as the same", () => {
  const hostile = area('a"\\', square(0.5, -1, 2), {
    name: { zh: '罐"\n\u007f', en: "#\t=" },
    floor_m: -2.5,
  });
  const read = parse(toToml([hostile, tank])) as { schema: number; areas: Partial<Area>[] };
  expect(read.schema).toBe(1);
  expect(read.areas[0]).toEqual({
    id: hostile.id,
    name: hostile.name,
    corners: hostile.corners,
    floor_m: -2.5,
  });
  expect(read.areas[1]).toEqual({
    id: "tank",
    name: tank.name,
    corners: tank.corners,
    ceiling_m: 6,
    ppe: ["helmet"],
  });
});
