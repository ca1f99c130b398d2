/** How long, what it is called, and what a drill plays. */
import { describe, expect, it } from "vitest";
import type { Gas } from "../api/shapes/gas.ts";
import type { Live } from "../api/shapes/live.ts";
import type { Permit } from "../api/shapes/permit.ts";
import { drillOf, type Plan, timesUpTo, titleOf } from "./decisions.ts";

const words = (text: string) => ({ zh: text, en: text });
const h2s = { id: "gas-h2s", unit: "ppm", limits: { warn: 5, stop: 7, low_stop: null } } as Gas;
const o2 = { id: "gas-o2", unit: "%vol", limits: { warn: null, stop: 23, low_stop: 19 } } as Gas;

it.each([
  [1800, [60, 300, 600, 1800]],
  [60, [10, 30, 60]],
  [4, [4]],
])("within %d s one chooses from %j", (longest_s, choices) => expect(timesUpTo(longest_s)).toEqual(choices));

it("names a rule and an alarm as the list does, and an override that runs as it was given", () => {
  const live = { alarms: [{ key: "camera|T-1|cam-1", title: words("Not monitored") }] } as unknown as Live;
  const permit = { id: "T-1", overrides: [{ rule: "wind", title: words("Wind") }] } as unknown as Permit;
  expect(titleOf("camera", live, permit).en).toBe("Not monitored");
  expect(titleOf("camera|T-1|cam-1", live, permit).en).toBe("Not monitored");
  expect(titleOf("wind", live, permit).en).toBe("Wind");
  expect(titleOf("gone", live, permit).en).toBe("gone");
});

describe("a drill", () => {
  const plan: Plan = { name: " Leak ", kinds: ["gas", "uplink_cut"], source: "gas-h2s", longest_s: 600 };

  it("plays a level that stops the work", () => {
    expect(drillOf(plan, [h2s], 7)).toEqual({
      name: "Leak",
      longest_s: 600,
      steps: [
        { after_s: 0, kind: "gas", source: "gas-h2s", level: 14, unit: "ppm" },
        { after_s: 0, kind: "uplink_cut" },
      ],
    });
    const low = drillOf({ ...plan, kinds: ["gas"], source: "gas-o2" }, [h2s, o2], 7);
    expect(low?.steps).toEqual([{ after_s: 0, kind: "gas", source: "gas-o2", level: 9.5, unit: "%vol" }]);
  });

  it("is a surprise where nothing is chosen", () => {
    expect(drillOf({ ...plan, kinds: [] }, [], 7)).toEqual({ name: "Leak", seed: 7, longest_s: 600 });
  });

  it("waits for its name and its detector", () => {
    expect(drillOf({ ...plan, name: " " }, [h2s], 7)).toBeNull();
    expect(drillOf({ ...plan, source: "" }, [h2s], 7)).toBeNull();
    const unlimited = { ...h2s, limits: { warn: null, stop: null, low_stop: null } };
    expect(drillOf(plan, [unlimited], 7)).toBeNull();
    expect(drillOf({ ...plan, kinds: ["silence"] }, [unlimited], 7)).not.toBeNull();
  });
});
