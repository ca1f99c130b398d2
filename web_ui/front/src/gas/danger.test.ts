/** An announced bump test is shown as a test, until it is an alarm. */
import { expect, it } from "vitest";
import type { Gas } from "../api/shapes/gas.ts";
import { dangerous } from "./danger.ts";

it("is no danger under the bottle, unless the box says that it is one there too", () => {
  const gas = (bump: object | null) => dangerous({ danger: true, device_alarm: true, bump } as Gas);
  expect([gas(null), gas({ alarms: false }), gas({ alarms: true })]).toEqual([true, false, true]);
});
