/**
 * A page whose style sheet or program did not come loads itself again, once; then it says so.
 *
 * A guard's page without its colours is no page, and an empty one is worse. It stands beside the program, because
 * it is for the day on which the program does not come. It judges by what arrived, not by who failed to bring it:
 * the measures of styles/tokens.css, and the mark that main.tsx leaves.
 */
"use strict";
(() => {
  const TRIED = "loaded-again";
  const AGAIN_MS = 30000; // nobody stands before the screen on the wall
  const SAYS = [
    ["zh-CN", "页面没有完整载入，不得据此判断能否作业。请重新载入；叫停请用对讲机或喊话。"],
    ["en", "This page did not load whole: do not judge by it whether work is allowed. Load it again; to stop work, call out or use the radio."],
  ];

  const styled = () => getComputedStyle(document.documentElement).getPropertyValue("--touch") !== "";
  const runs = () => document.documentElement.dataset.program === "runs";

  /** Whether this is the first time in a row that it failed; a browser that keeps nothing is not tried again. */
  function first() {
    try {
      const tried = sessionStorage.getItem(TRIED);
      sessionStorage.setItem(TRIED, "yes");
      return tried === null;
    } catch {
      return false;
    }
  }

  function forget() {
    try {
      sessionStorage.removeItem(TRIED);
    } catch {
      // it keeps nothing
    }
  }

  function say() {
    const told = document.createElement("div");
    told.id = "not-whole";
    told.setAttribute("role", "alert");
    Object.assign(told.style, { padding: "1rem", background: "#8f0f08", color: "#fff", font: "1.25rem sans-serif" });
    for (const [language, words] of SAYS) {
      const line = document.createElement("p");
      line.lang = language;
      line.textContent = words;
      told.append(line);
    }
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = "重新载入 / Load again";
    Object.assign(again.style, { minHeight: "64px", padding: "0 1rem", font: "inherit" });
    again.addEventListener("click", () => location.reload());
    told.append(again);
    document.body.prepend(told);
  }

  addEventListener("load", () => {
    if (styled() && runs()) return forget();
    if (first()) return location.reload();
    say();
    if (!runs()) setTimeout(() => location.reload(), AGAIN_MS); // who reads or writes here is not interrupted
  });
})();
