import { expect, test } from "vitest";
import type { Alarm } from "../api/shapes/live.ts";
import { atThePoint, heeded } from "./below.ts";

const alarm = (key: string, note: boolean) => ({ key, note, priority: note ? 4 : 1 }) as Alarm;
const both = [alarm("battery", true), alarm("gas", false)];

test("who stands at the point is not troubled with notes, and with everything else he is", () => {
  expect(heeded(both, ["guard"]).map(({ key }) => key)).toEqual(["gas"]);
  expect(heeded(both, ["worker", "holder"]).map(({ key }) => key)).toEqual(["gas"]);
  expect(heeded([{ ...both[1], priority: 4 } as Alarm], ["guard"])).toHaveLength(1);
});

test("whoever can do something about it sees it, and so does a role that this page does not know", () => {
  for (const roles of [["technician"], ["guard", "technician"], ["viewer"], ["newer than this page"], []]) {
    expect(atThePoint(roles)).toBe(false);
    expect(heeded(both, roles)).toHaveLength(2);
  }
});
