/** What is old, or may be, is never live. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Live } from "../api/shapes/live.ts";
import { Feed, type Moment } from "./feed.ts";

const live = { at_utc: 1000 } as Live;
let at: Moment;
let feed: Feed;

function pass(seconds: number, { steady = true } = {}) {
  at = { steady_ms: at.steady_ms + (steady ? seconds * 1000 : 0), wall_ms: at.wall_ms + seconds * 1000 };
}

beforeEach(() => {
  at = { steady_ms: 0, wall_ms: 1e12 };
  feed = new Feed(() => at);
});

describe("a feed", () => {
  it("is not live before the first picture, and says that the link is gone when none comes", () => {
    expect(feed.whyNot()).toBe("waiting");
    pass(3.1);
    expect(feed.whyNot()).toBe("gone");
  });

  it("is live with a young picture, and knows the box's time without the phone's", () => {
    feed.take({ live, age_s: 0.2 });
    expect(feed.whyNot()).toBeNull();
    pass(1);
    expect(feed.boxNow_utc()).toBeCloseTo(1001.2);
  });

  it("says within three seconds that nothing is heard any more", () => {
    feed.take({ live, age_s: 0 });
    pass(2.4);
    expect(feed.whyNot()).toBeNull();
    pass(0.2);
    expect(feed.whyNot()).toBe("gone");
  });

  it("gives up a connection that says nothing, and no sooner the one that is opened after it", () => {
    feed.take({ live, age_s: 0 });
    feed.seek();
    pass(5.1);
    expect(feed.isDead()).toBe(true);
    feed.seek();
    pass(4.9);
    expect(feed.isDead()).toBe(false);
    pass(0.2);
    expect(feed.isDead()).toBe(true);
  });

  it("is old while beats go on without a new picture", () => {
    feed.take({ live, age_s: 0 });
    for (const age_s of [1, 2, 3]) {
      pass(1);
      feed.take({ age_s });
    }
    expect(feed.whyNot()).toBeNull();
    pass(0.1);
    expect(feed.whyNot()).toBe("old");
  });

  it("takes a picture that is old when it comes for what it is", () => {
    feed.take({ live, age_s: 600 });
    expect(feed.whyNot()).toBe("old");
  });

  it("is not live when a picture came without its age", () => {
    feed.take({ live });
    expect(feed.whyNot()).toBe("old");
  });

  it("is not live with an age that is no number", () => {
    feed.take({ live, age_s: Number.NaN });
    expect(feed.whyNot()).toBe("old");
  });

  it("counts the time that the device slept", () => {
    feed.take({ live, age_s: 0 });
    pass(60, { steady: false });
    expect(feed.whyNot()).toBe("gone");
  });

  it("is not made older or younger by a phone's clock that is set back", () => {
    feed.take({ live, age_s: 0 });
    at = { steady_ms: 1000, wall_ms: 0 };
    expect(feed.pictureAge_s()).toBeCloseTo(1);
  });

  it("keeps the box's fault until a picture comes", () => {
    feed.take({ fault: { zh: "坏", en: "bad" } });
    feed.take({ age_s: 0 });
    expect(feed.whyNot()).toBe("fault");
    feed.take({ live, age_s: 0 });
    expect(feed.whyNot()).toBeNull();
  });

  it("waits for something new after it was hidden or lost", () => {
    feed.take({ live, age_s: 0 });
    feed.hide(true);
    expect(feed.whyNot()).toBe("hidden");
    feed.hide(false);
    expect(feed.whyNot()).toBe("gone");
    feed.take({ age_s: 0 });
    expect(feed.whyNot()).toBeNull();
    feed.lost();
    expect(feed.whyNot()).toBe("gone");
  });
});
