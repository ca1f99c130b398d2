/** Addresses that people type, scan and share. */
import { describe, expect, it } from "vitest";
import { match } from "./router.tsx";

describe("match", () => {
  it("takes the named part", () => {
    expect(match("/p/:permit", "/p/HW-1?from=qr")).toEqual({ permit: "HW-1" });
    expect(match("/p/:permit", `/p/${encodeURIComponent("动火/1")}`)).toEqual({ permit: "动火/1" });
  });

  it.each(["/p", "/p/", "/p/a/b", "/q/a", "/p/%E5%8"])("is not %s", (address) => {
    expect(match("/p/:permit", address)).toBeNull();
  });

  it("leads home", () => expect(match("/", "/")).toEqual({}));
});
