/** Durations that people read at a glance. */
import { beforeEach, expect, it } from "vitest";
import { countdown, lasting, span } from "./times.ts";
import { speakFrom } from "./words.ts";

beforeEach(() =>
  speakFrom(
    {
      time: {
        whole_min: "{min} min",
        whole_h: "{h} h",
        s: "{s} s",
        min: "{min} min {s} s",
        h: "{h} h {min} min",
        d: "{d} d {h} h",
      },
    },
    "en",
  ),
);

it.each([
  [-5, "0 s"],
  [59.9, "59 s"],
  [60, "1 min 0 s"],
  [3599, "59 min 59 s"],
  [5400, "1 h 30 min"],
  [90000, "1 d 1 h"],
])("%d seconds last %s", (seconds, words) => expect(lasting(seconds)).toBe(words));

it.each([
  [0, "0:00"],
  [0.2, "0:01"],
  [65, "1:05"],
  [-3, "0:00"],
])("%d seconds are counted down as %s", (seconds, words) => expect(countdown(seconds)).toBe(words));

it.each([
  [30, "30 s"],
  [60, "1 min"],
  [90, "1 min 30 s"],
  [1800, "30 min"],
  [28800, "8 h"],
  [5400, "1 h 30 min"],
  [86400, "24 h"],
])("%d seconds to choose are %s", (seconds, words) => expect(span(seconds)).toBe(words));
