// Reads {topic, payload (base64)} a line, says what Eclipse Tahu's own decoder makes of each, a JSON line each.
import { createInterface } from "node:readline";
import payload from "sparkplug-payload";

const { decodePayload } = payload.get("spBv1.0");
const plain = (_key, value) => (value?.unsigned === undefined ? value : value.toNumber()); // Long
for await (const line of createInterface({ input: process.stdin })) {
  const { topic, body } = JSON.parse(line);
  console.log(JSON.stringify({ topic, said: decodePayload(Buffer.from(body, "base64")) }, plain));
}
