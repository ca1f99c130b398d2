// Signs one message to a unit as JWS (EdDSA) and publishes it. Node 16 and newer, no package. What
// publishes is the least that MQTT 3.1.1 needs, for a trial: in earnest take your own client, with TLS and a login.
//
// node sign-and-send.mjs TYPE BODY.json VERSION KEY.pem KID SITE UNIT [HOST PORT]
//
// TYPE is the end of the topic (permit, cmd, person, ...). VERSION of a permit is the ticket's own; of anything else a
// number that rises: date +%s%3N. Without HOST the message is printed.
import { createPrivateKey, randomUUID, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect } from "node:net";

const HOURS = 24; // how long the unit may take it
const [type, file, version, key, kid, site, unit, host, port] = process.argv.slice(2);

const now = Date.now() / 1000;
const payload = {
  id: randomUUID(), // never used twice
  version: Number(version),
  type,
  issued_at: now,
  expires_at: now + HOURS * 3600,
  site,
  unit,
  body: JSON.parse(readFileSync(file, "utf8")),
};

// JWS compact (RFC 7515, RFC 8037). Nothing but alg and kid may stand in the header.
const base64url = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
const signing = `${base64url({ alg: "EdDSA", kid })}.${base64url(payload)}`;
const signature = sign(null, Buffer.from(signing), createPrivateKey(readFileSync(key))).toString("base64url");
const message = `${signing}.${signature}`;

// MQTT 3.1.1: a packet is its type, the length of the rest (7 bits a byte, the lowest first), the rest.
function packet(first, ...rest) {
  const content = Buffer.concat(rest);
  const length = [];
  for (let left = content.length; length.length === 0 || left > 0; left >>= 7) {
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
  }
  return Buffer.concat([Buffer.from([first, ...length]), content]);
}

function text(plain) {
  const bytes = Buffer.from(plain);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

function publish(topic) {
  const broker = connect(Number(port), host);
  broker.setTimeout(10_000, () => broker.destroy(new Error("the broker does not answer")));
  broker.write(packet(0x10, text("MQTT"), Buffer.from([4, 2, 0, 60]), text(`sign-and-send-${randomUUID()}`)));
  broker.on("data", (answer) => {
    if (answer[0] === 0x20 && answer[3] === 0) {
      broker.write(packet(0x32, text(topic), Buffer.from([0, 1]), Buffer.from(message))); // QoS 1, packet 1
    } else if (answer[0] === 0x40) {
      broker.end(packet(0xe0)); // the broker has it
    } else {
      broker.destroy(new Error(`the broker refuses: ${answer.toString("hex")}`));
    }
  });
}

if (host === undefined) {
  console.log(message);
} else {
  publish(`edge/${site}/${unit}/dn/${type}`);
}
