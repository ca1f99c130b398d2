import { expect, test } from "vitest";
import type { Rectification } from "../api/shapes/righting.ts";
import { answersFor, inOrder, mayVerify, mayWork, seesPictures } from "./ladder.ts";

const who = (id: string, ...roles: string[]) => ({ id, name: id, roles, areas: [], language: "zh" });
const one = (change: Partial<Rectification> = {}): Rectification => ({
  id: "R-1",
  event: 1,
  permit: "",
  area: "tank",
  code: "",
  title: { zh: "", en: "" },
  detail: { zh: "", en: "" },
  hazard_class: "B",
  role: "shift_lead",
  born_utc: 0,
  asked_utc: 0,
  deadline_utc: 100,
  status: "open",
  status_utc: 0,
  ...change,
});

test("who is asked answers for it, and whoever stands above; nobody below", () => {
  expect(answersFor(one(), who("a", "technician"))).toBe(false);
  expect(answersFor(one(), who("a", "shift_lead"))).toBe(true);
  expect(answersFor(one(), who("a", "admin"))).toBe(true);
  expect(answersFor(one({ role: "never heard of" }), who("a", "admin"))).toBe(false);
  expect(answersFor(one(), { ...who("a", "admin"), areas: ["yard"] })).toBe(false);
});

test("nobody looks at what he did himself, and nobody before it is done", () => {
  const done = one({ status: "done", done_by: "a", taken_by: "b" });
  expect(mayVerify(done, who("a", "safety_officer"))).toBe(false);
  expect(mayVerify(done, who("b", "safety_officer"))).toBe(false);
  expect(mayVerify(done, who("c", "safety_officer"))).toBe(true);
  expect(mayVerify(done, who("c", "technician"))).toBe(false);
  expect(mayVerify(one(), who("c", "safety_officer"))).toBe(false);
  const pictured = one({ status: "done", after: { sha256: "", size: 1, by: "c", at_utc: 0 } });
  expect(mayVerify(pictured, who("c", "safety_officer"))).toBe(false);
});

test("what is mine stands first, then the urgent, then what is due", () => {
  const all = [
    one({ id: "late", deadline_utc: 1 }),
    one({ id: "urgent", hazard_class: "A" }),
    one({ id: "mine", role: "technician" }),
  ];
  expect(inOrder(all, who("t", "technician")).map(({ id }) => id)).toEqual(["mine", "urgent", "late"]);
  expect(mayWork(one({ status: "done" }), who("a", "admin"))).toBe(false);
});

test("pictures with people on them are for whom they concern", () => {
  expect(seesPictures(["guard", "holder", "worker", "viewer"])).toBe(false);
  expect(seesPictures(["auditor"])).toBe(true);
});
