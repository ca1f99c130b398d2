import { describe, expect, it } from "vitest";
import { type Film, MOST_S, spanAround } from "./films.ts";

const film = { began_utc: 1000, ended_utc: 2000 } as Film;

describe("the seconds of a film around a moment", () => {
  it("lie within the film, and are never more than may be asked for", () => {
    expect(spanAround(film, 1500, 60, 30)).toEqual([440, 530]);
    expect(spanAround(film, 1010, 60, 30)).toEqual([0, 40]);
    expect(spanAround(film, 1990, 60, 30)).toEqual([930, 1000]);
    expect(spanAround(film, 1500, 900, 900)).toEqual([0, MOST_S]);
    expect(spanAround(film, 5000, 10, 10)).toEqual([999, 1000]);
  });
});
