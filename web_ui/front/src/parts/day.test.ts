/** Which days a form lets through. */
import { expect, it } from "vitest";
import { later, within } from "./day.tsx";

it("lets through both ends of the range, and an empty field", () => {
  const range = { least: "2026-11-28", most: later("2026-11-28", 366) };
  expect(range.most).toBe("2027-11-29");
  expect(
    ["2026-11-27", "2026-11-28", "2027-11-29", "2027-11-30", ""].map((day) => within(day, range)),
  ).toEqual([false, true, true, false, true]);
  expect(within("1999-01-01", {})).toBe(true);
});
