/** The map shows everybody and everything once: in its area, or as what has no place. */
import { expect, it } from "vitest";
import type { Live } from "../api/shapes/live.ts";
import type { Plan } from "../api/shapes/places.ts";
import { frameOf, middleOf, placesOf } from "./places.ts";

const square: [number, number][] = [
  [0, 0],
  [10, 0],
  [10, 10],
  [0, 10],
];
const plan: Plan = {
  areas: [
    { id: "tank", name: { zh: "", en: "" }, corners: square },
    {
      id: "yard",
      name: { zh: "", en: "" },
      corners: square.map(([x, y]) => [x * 9, y * 9]),
    },
  ],
  cameras: [{ id: "cam-1", areas: ["tank"] }],
};
const live = {
  gas: [
    { id: "a", area_id: "tank", danger: true, device_alarm: false },
    { id: "b", area_id: "gone", danger: false, device_alarm: false },
  ],
  cameras: [{ id: "cam-1" }, { id: "cam-2" }],
  people: [
    { id: "li", fresh: true, area_id: "tank", x_m: 1, y_m: 1 },
    { id: "wu", fresh: false, area_id: "tank", x_m: 1, y_m: 1 },
    { id: "zhao", fresh: true, area_id: "", x_m: null, y_m: null },
    { id: "he", fresh: true, area_id: "", x_m: 500, y_m: 1 },
  ],
  permits: [
    {
      id: "P-1",
      area_id: "tank",
      state: "active",
      word: "may_work",
      evacuate: false,
      shadow: false,
      fire_watch: null,
    },
    {
      id: "P-2",
      area_id: "tank",
      state: "paused",
      word: "evacuate",
      evacuate: true,
      shadow: false,
      fire_watch: null,
    },
    {
      id: "P-3",
      area_id: "tank",
      state: "closed",
      word: "stopped",
      evacuate: false,
      shadow: false,
      fire_watch: null,
    },
    {
      id: "P-4",
      area_id: "nowhere",
      state: "active",
      word: "may_work",
      evacuate: false,
      shadow: false,
      fire_watch: null,
    },
  ],
} as unknown as Live;

it("puts everything where it is, the worst permit first", () => {
  const [yard, tank] = placesOf(plan, live).all;
  expect([yard?.area.id, tank?.area.id]).toEqual(["yard", "tank"]);
  expect(tank?.permits.map((one) => one.id)).toEqual(["P-2", "P-1"]);
  expect([tank?.look, tank?.danger, tank?.leave]).toEqual(["evacuate", true, true]);
  expect(tank?.people.map((one) => one.id)).toEqual(["li"]);
  expect(tank?.cameras.map((one) => one.id)).toEqual(["cam-1"]);
  expect([yard?.look, yard?.danger]).toEqual([null, false]);
});

it("loses nobody and nothing that has no place", () => {
  const { lost, elsewhere } = placesOf(plan, live);
  expect(lost.map((one) => one.id)).toEqual(["wu", "zhao"]);
  expect(elsewhere.gas.map((one) => one.id)).toEqual(["b"]);
  expect(elsewhere.cameras.map((one) => one.id)).toEqual(["cam-2"]);
  expect(elsewhere.permits.map((one) => one.id)).toEqual(["P-4"]);
});

it("finds the middle of what lies within, whichever way round it is written", () => {
  const spike: [number, number][] = [...square, [0, 9], [0, 8], [0, 1]];
  expect(middleOf(spike).map((one) => Math.round(one))).toEqual([5, 5]);
  expect(middleOf([...square].reverse())).toEqual([5, 5]);
  expect(middleOf([[3, 4]])).toEqual([3, 4]);
});

it("frames the whole site", () => {
  const { x, y, width, height } = frameOf(plan.areas);
  expect([x < 0, y < 0, width > 90, height > 90]).toEqual([true, true, true, true]);
});
