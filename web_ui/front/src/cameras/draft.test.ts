import { describe, expect, it } from "vitest";
import type { CameraSet } from "../api/cameras.ts";
import { begun, boxOf, freshId, movedCorner, movedPoint, pinned, tableOf } from "./draft.ts";

const set = {
  id: "cam-1",
  areas: [
    {
      id: "mouth",
      area: "tank",
      corners: [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
      post: false,
      stop_on_entry: true,
    },
  ],
  on_plan: [{ picture: [0.5, 0.5], plan_m: [1, 2] }],
  hide: [],
} as unknown as CameraSet;

describe("what is drawn on a picture", () => {
  it("stays inside the picture", () => {
    expect(pinned([1.2, -0.3])).toEqual([1, 0]);
    expect(movedCorner(begun(set), 0, 1, [2, 0.12345678]).areas[0]?.corners[1]).toEqual([1, 0.1235]);
    expect(movedPoint(begun(set), 0, [0.1, 0.2]).on_plan[0]).toEqual({ picture: [0.1, 0.2], plan_m: [1, 2] });
    expect(boxOf([0.9, 0.1], [0.2, 0.8])).toEqual([0.2, 0.1, 0.9, 0.8]);
  });

  it("gets a name that nothing else has", () => {
    expect(freshId([], "tank")).toBe("tank-in-picture");
    const taken = [{ id: "tank-in-picture" }] as CameraSet["areas"];
    expect(freshId(taken, "tank")).toBe("tank-in-picture-2");
  });

  it("changes only what was drawn in the settings, and says no more than it must", () => {
    const table = { url: "rtsp://x/1", areas: "as it was" };
    expect(tableOf(table, set, begun(set))).toEqual(table);
    const draft = movedCorner(begun(set), 0, 0, [0.5, 0.5]);
    expect(tableOf(table, set, draft)).toEqual({
      url: "rtsp://x/1",
      areas: [
        {
          id: "mouth",
          area: "tank",
          stop_on_entry: true,
          corners: [
            [0.5, 0.5],
            [1, 0],
            [1, 1],
          ],
        },
      ],
    });
    expect(tableOf(table, set, { ...begun(set), areas: [] })).toEqual({ url: "rtsp://x/1" });
  });
});
