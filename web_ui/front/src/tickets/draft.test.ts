/** A ticket from few fields: what the book says of the kind of work, and what stands in the area. */
import { expect, it } from "vitest";
import type { Who } from "../api/shapes/people.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import type { WorkKind } from "../api/shapes/tickets.ts";
import {
  type Draft,
  EMPTY,
  extensionOf,
  hoursOf,
  missing,
  pointOf,
  ticketOf,
  usualHours,
  withArea,
  withOnly,
  withRole,
  withWork,
} from "./draft.ts";

const name = { zh: "", en: "" };
const area: PlanArea = { id: "tank", name, corners: [[0, 0], [4, 0], [4, 2], [0, 2]] }; // biome-ignore format: corners
const work = {
  type: "hot",
  level: "1",
  words: name,
  longest_s: 28800,
  approvals: [],
  guards: 1,
  jsa: true,
  video: true,
  pipe: false,
  wind: true,
  certificates: [],
  measures: [{ id: "cleaned", words: name, shown_by: "people" }],
};
const whole: Draft = {
  ...EMPTY,
  work: work as WorkKind,
  area,
  content: " weld ",
  holder: "wang",
  guards: ["li"],
  workers: ["zhou"],
  hours: 4,
  jsa: "JSA-1",
  outdoor: true,
};
const offers = {
  works: [],
  devices: { tank: ["gas-1", "cam-1"] },
  points: { tank: [{ words: name, x_m: 2, y_m: 1 }] },
  scopes: {},
  wearables: [],
};
const none = { gas: [], camera: [], other: [] };

it("is valid no longer than the book allows, and usually for a shift", () => {
  expect(hoursOf(work as WorkKind)).toEqual([1, 2, 4, 8]);
  expect(usualHours({ ...work, longest_s: 7200 } as WorkKind)).toBe(2);
  expect(usualHours({ ...work, longest_s: null } as WorkKind)).toBe(8);
});

it("is at the middle of its area unless somebody says where, with the devices that stand there", () => {
  expect(pointOf({ ...whole, point: { x_m: 3.5, y_m: 0 } }, offers)).toEqual({ x_m: 3.5, y_m: 0 });
  expect(ticketOf(whole, offers, none, 1000)).toEqual({
    type: "hot",
    level: "1",
    area: "tank",
    point: { x_m: 2, y_m: 1 },
    valid_to_utc: 15400,
    holder: "wang",
    guards: ["li"],
    workers: ["zhou"],
    devices: ["gas-1", "cam-1"],
    video_required: true,
    content: { zh: "weld", en: "weld" },
    measures: [{ id: "cleaned", kind: "manual" }],
    jsa: "JSA-1",
    outdoor: true,
  });
});

it.each([
  [EMPTY, "work"],
  [{ ...whole, area: null }, "area"],
  [{ ...whole, content: " " }, "content"],
  [{ ...whole, work: { ...work, pipe: true } }, "pipe"],
  [{ ...whole, outdoor: null }, "outdoor"],
  [{ ...whole, own: [{ words: " ", source: "" }] }, "own"],
  [{ ...whole, holder: "" }, "holder"],
  [{ ...whole, guards: [] }, "guards"],
  [{ ...whole, workers: [] }, "workers"],
  [{ ...whole, jsa: "" }, "jsa"],
  [whole, null],
] as [Draft, string | null][])("%# says what is missing: %s", (draft, lacking) => {
  expect(missing(draft)).toBe(lacking);
  expect(ticketOf(draft, offers, none, 0) === null).toBe(lacking !== null);
});

it("names the pipe of a blind plate, what certificates must cover, and the tickets of the same job", () => {
  const plate = { ...work, jsa: false, wind: false, pipe: true } as WorkKind;
  const more = { pipe: " P-104 ", scopes: ["high_voltage"], linked: ["box-1-7"], outdoor: null };
  expect(ticketOf({ ...whole, work: plate, ...more }, offers, none, 0)).toMatchObject({
    pipe: "P-104",
    scopes: ["high_voltage"],
    linked: ["box-1-7"],
  });
  expect(ticketOf({ ...whole, work: plate, ...more }, offers, none, 0)).not.toHaveProperty("outdoor");
});

it("begins anew with what depends on another kind of work or another area", () => {
  const filled = { ...whole, left_out: ["cleaned"], shown_by: { a: "gas-1" }, point: { x_m: 1, y_m: 1 } };
  expect(withWork(filled, work as WorkKind)).toMatchObject({
    left_out: [],
    shown_by: {},
    outdoor: null,
    hours: 8,
  });
  expect(withArea(filled, area)).toMatchObject({ left_out: ["cleaned"], shown_by: {}, point: null });
});

it("offers those who hold the role here", () => {
  const who = (id: string, roles: string[], areas: string[]) => ({ id, roles, areas }) as Who;
  const people = [who("a", ["guard"], []), who("b", ["guard"], ["yard"]), who("c", ["worker"], [])];
  expect(withRole(people, "guard", "tank").map((one) => one.id)).toEqual(["a"]);
});

it("names the only area, guard and worker before anybody taps, and never the holder as his own guard", () => {
  const who = (id: string, roles: string[]) => ({ id, roles, areas: [] as string[] }) as unknown as Who;
  const li = who("li", ["guard"]);
  const named = (areas: PlanArea[], people: Who[], holder = "wang") => {
    const { area: at, guards, workers } = withOnly({ ...EMPTY, holder }, areas, people);
    return [at?.id, guards, workers];
  };
  expect(named([area], [li, who("wu", ["worker"])])).toEqual(["tank", ["li"], ["wu"]]);
  expect(named([area], [li, who("qi", ["guard"])])).toEqual(["tank", [], []]);
  expect(named([area, { ...area, id: "yard" }], [li])).toEqual([undefined, [], []]);
  expect(named([area], [li], "li")).toEqual(["tank", [], []]);
});

it("gives more time by the end alone", () => {
  expect(extensionOf("T-1", 2, 100)).toEqual({ extends: "T-1", valid_to_utc: 7300 });
});
