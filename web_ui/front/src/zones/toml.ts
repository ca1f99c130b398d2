/** Areas as areas.toml has them. TOML's basic strings are escaped as JSON's are (TOML 1.0, String). Pure. */
import type { Area } from "../api/shapes/places.ts";

const HEAD = `# The places of the site, corners in metres from the origin of site.toml (x east, y north).
# Smallest first: where areas overlap, somebody stands in the first one that holds him.
# Drawn on the box's own pages.

schema = 1
`;

export function toToml(areas: readonly Area[]): string {
  return [HEAD, ...areas.map(one)].join("\n");
}

function one({ id, name, corners, floor_m, ceiling_m, ppe, authorised_only }: Area): string {
  const rows = [
    "[[areas]]",
    `id = ${text(id)}`,
    `name = { zh = ${text(name.zh)}, en = ${text(name.en)} }`,
    `corners = [${corners.map(([x, y]) => `[${figure(x)}, ${figure(y)}]`).join(", ")}]`,
    ...(floor_m === null ? [] : [`floor_m = ${figure(floor_m)}`]),
    ...(ceiling_m === null ? [] : [`ceiling_m = ${figure(ceiling_m)}`]),
    ...(ppe.length === 0 ? [] : [`ppe = [${ppe.map(text).join(", ")}]`]),
    ...(authorised_only ? ["authorised_only = true"] : []),
  ];
  return `${rows.join("\n")}\n`;
}

/** DEL is the one character that JSON lets stand and TOML does not. */
function text(said: string): string {
  return JSON.stringify(said).replaceAll("\u007f", "\\u007F");
}

function figure(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
