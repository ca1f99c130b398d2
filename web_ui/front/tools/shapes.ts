/** Writes src/api/shapes.gen.ts from the box's OpenAPI document (on stdin): what the box really sends. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Schema {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  items?: Schema | false;
  prefixItems?: Schema[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
}

const PLAIN: Record<string, string> = {
  string: "string",
  number: "number",
  integer: "number",
  boolean: "boolean",
  null: "null",
};

/** What is sent holds every field, also one that has a default. */
function typed(schema: Schema): string {
  if (schema.$ref) return schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
  if (schema.anyOf) return schema.anyOf.map(typed).join(" | ");
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.prefixItems) return `[${schema.prefixItems.map(typed).join(", ")}]`;
  if (schema.type === "array") return `(${schema.items ? typed(schema.items) : "unknown"})[]`;
  if (schema.type !== "object") return PLAIN[schema.type ?? ""] ?? "unknown";
  if (schema.properties) return members(schema.properties);
  const values = schema.additionalProperties;
  return `Record<string, ${typeof values === "object" ? typed(values) : "unknown"}>`;
}

function members(properties: Record<string, Schema>): string {
  const rows = Object.entries(properties).map(
    ([name, schema]) => `  ${JSON.stringify(name)}: ${typed(schema)};`,
  );
  return `{\n${rows.join("\n")}\n}`;
}

const { components } = JSON.parse(readFileSync(0, "utf8")) as {
  components: { schemas: Record<string, Schema> };
};
const types = Object.entries(components.schemas).map(
  ([name, schema]) => `export type ${name} = ${typed(schema)};`,
);
writeFileSync(
  join(import.meta.dirname, "../src/api/shapes.gen.ts"),
  `/** Made by tools/shapes.ts from the box's OpenAPI document. */\n${types.join("\n")}\n`,
);
