/** Starts the pages: the words first, since nothing may be shown without them. */
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import { render } from "preact";
import { App } from "./app.tsx";
import { listen } from "./router.tsx";
import { lastLanguage, speak } from "./words/words.ts";

async function start(into: Element): Promise<void> {
  listen();
  await speak(lastLanguage());
  render(<App />, into);
}

const root = document.getElementById("app");
if (root) void start(root);
