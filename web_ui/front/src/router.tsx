/** Which page an address leads to: a table of patterns, `:name` takes one part of the path. */
import type { ComponentChildren } from "preact";
import { store } from "./store.ts";

export type Params = Record<string, string>;

export const path = store(typeof location === "undefined" ? "/" : location.pathname + location.search);

export function go(to: string, { replace = false } = {}): void {
  history[replace ? "replaceState" : "pushState"](null, "", to);
  path.set(to);
  scrollTo(0, 0);
}

export function listen(): void {
  addEventListener("popstate", () => path.set(location.pathname + location.search));
}

/** The parts that the pattern names, or null when the address is another one. */
export function match(pattern: string, address: string): Params | null {
  const wanted = pattern.split("/");
  const given = (address.split("?")[0] ?? "").split("/");
  if (wanted.length !== given.length) return null;
  const params: Params = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (!part.startsWith(":")) {
      if (part !== value) return null;
    } else {
      const text = decoded(value);
      if (!text) return null;
      params[part.slice(1)] = text;
    }
  }
  return params;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return ""; // half an escape: no page has such a name
  }
}

type LinkProps = { to: string; class?: string; label?: string; children: ComponentChildren };

/** A link that changes the page without loading anything; with a modifier key the browser does its own. */
export function Link({ to, label, children, ...rest }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={to} onClick={follow} {...(label ? { "aria-label": label } : {})} {...rest}>
      {children}
    </a>
  );
}
