// Builds elements. Text only ever becomes a text node, so nothing that arrives can become markup.

/** An element: `el("p.soft", {title: "…"}, "text", child)`; null, undefined, false and empty children are left out. */
export function el(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.filter((child) => ![null, undefined, false, ""].includes(child)));
  return node;
}

/** A name from outside, isolated so that its direction cannot turn the words around it. */
export const name = (text) => el("bdi", {}, text);

/** One of the page's own pictograms; always beside a word, so hidden from readers. */
export function icon(id) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${id}`);
  svg.append(use);
  return svg;
}

// Times run between two pictures: a cell says which one it shows, and `tick` writes it.
export const heard = (key, sentence, never) => el("span.time", { "data-heard": key, "data-say": sentence, "data-never": never });
export const lasting = (utc, sentence) => el("span.time", { "data-since": utc, "data-say": sentence });
export const left = (utc) => el("span.time.left", { "data-left": utc });
