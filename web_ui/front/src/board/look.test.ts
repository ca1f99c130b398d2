/** Tiles and the word of the whole unit: what is not known is never fine, and what is stopped is never running. */
import { expect, it } from "vitest";
import type { Permit } from "../api/shapes/permit.ts";
import { sorted, tileOf, wordToneOf, worstOf } from "./look.ts";

const permit = (more: Partial<Permit>) =>
  ({ id: "T", state: "active", word: "may_work", near_end: false, ...more }) as Permit;

it.each([
  [{}, "run", "may_work"],
  [{ near_end: true }, "near", "warning"],
  [{ word: "warning" }, "run", "warning"],
  [{ word: "stopped" }, "run", "watch"],
  [{ word: "fine" }, "run", "unknown"],
  [{ state: "fire_watch" }, "run", "watch"],
  [{ state: "paused", word: "stopped" }, "stop", "stopped"],
  [{ state: "paused", word: "evacuate" }, "evacuate", "evacuate"],
  [{ state: "ready", word: "stopped" }, "idle", "waiting"],
  [{ state: "closed" }, "done", "over"],
  [{ state: "revoked" }, "dead", "over"],
  [{ state: "revoked", near_end: true, fire_watch: { left_s: 60 } }, "run", "watch"],
  [{ state: "closed", shadow: true }, "done", "over"],
  [{ shadow: true }, "shadow", "shadow"],
  [{ state: "brand_new" }, "unknown", "unknown"],
])("%o is a %s tile and says %s", (more, tile, tone) => {
  expect([tileOf(permit(more)), wordToneOf(permit(more))]).toEqual([tile, tone]);
});

it("says the worst of what has not ended", () => {
  expect(worstOf([])).toBeNull();
  expect(worstOf([permit({ state: "closed" })])).toBeNull();
  expect(worstOf([permit({}), permit({ word: "warning" }), permit({ state: "closed" })])).toBe("warning");
});

it("puts the worst first and hides all but the newest that ended", () => {
  const ended = [1, 2, 3, 4, 5].map((at) => permit({ id: `E${at}`, state: "closed", since_utc: at }));
  const { shown, more } = sorted([...ended, permit({ id: "run" }), permit({ id: "stop", state: "paused" })]);
  expect(shown.map((one) => one.id)).toEqual(["stop", "run", "E5", "E4", "E3"]);
  expect(more).toBe(2);
});
