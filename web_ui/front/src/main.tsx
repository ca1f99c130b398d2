/** Starts the pages: the words first, since nothing may be shown without them; then the box, then who is here. */
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/permit.css";
import "./styles/tasks.css";
import { render } from "preact";
import { learnBox } from "./api/box.ts";
import { learnPeople } from "./api/people.ts";
import { restore, session } from "./api/session.ts";
import { App } from "./app.tsx";
import { startCalling } from "./live/caller.ts";
import { connect, disconnect } from "./live/link.ts";
import { prepareSound } from "./live/sound.ts";
import { listen } from "./router.tsx";
import { lastLanguage, speak } from "./words/words.ts";

const AGAIN_MS = 3000;

async function start(into: Element): Promise<void> {
  listen();
  prepareSound();
  await firstWords();
  render(<App failed={null} />, into);
  session.watch((now) => {
    if (now) connect();
    else disconnect();
    if (now?.who) void learnPeople();
  });
  startCalling();
  await meet(into);
}

/** A link that fails between the page and its words leaves nobody before an empty screen. */
async function firstWords(): Promise<void> {
  try {
    await speak(lastLanguage());
  } catch {
    await new Promise((ends) => setTimeout(ends, AGAIN_MS));
    await firstWords();
  }
}

/** Without the box nothing can be known; STOP is there all the same, and it is tried again. */
async function meet(into: Element): Promise<void> {
  try {
    await Promise.all([learnBox(), restore()]);
    render(<App failed={null} />, into);
  } catch (thrown) {
    render(<App failed={thrown} />, into);
    setTimeout(() => void meet(into), AGAIN_MS);
  }
}

document.documentElement.dataset.program = "runs"; // public/whole.js asks
const root = document.getElementById("app");
if (root) void start(root);
