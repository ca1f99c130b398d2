/** What is noted goes to the box as one change; what is in force by now is left out, what clashes is named. */
import { expect, it } from "vitest";
import { type Detector, detectorEdits, gateways } from "./entries.ts";
import {
  areasStand,
  changeOf,
  NOTHING,
  type Noted,
  type Proposal,
  planned,
  readable,
  standing,
  withDevice,
  withoutSecrets,
} from "./proposal.ts";

const NAME = { zh: "甲", en: "A" };
const GATEWAY = { kind: "modbus_tcp", host: "10.0.0.5", port: 502 } as const;
const AREA = {
  ...{ id: "tank", name: NAME, floor_m: null, ceiling_m: null, ppe: [], authorised_only: false },
  corners: [
    [0, 0],
    [4, 0],
    [4, 4],
  ] as [number, number][],
};

function detector(id: string, unit_id: number, values: Proposal): Noted {
  const row = {
    id,
    name: NAME,
    place: GATEWAY,
    unit_id,
    profile: "cn10_single_gas",
    gas: "h2s",
    area: "tank",
  };
  const whole: Detector = { ...row, channel: null, range: null, unit: "" };
  return { step: "detector", id, name: NAME, edits: detectorEdits(planned({}, values), whole, {}) };
}

const first = withDevice(NOTHING, detector("gas-h2s-1", 1, NOTHING));
const both = withDevice(first, detector("gas-h2s-2", 2, first));

it("gives a new bus once, and with each detector that hangs on it", () => {
  const change = changeOf(both, "a");
  expect(change.edits?.map((one) => one.at.join("."))).toEqual([
    "buses.gateway-1",
    "gas.gas-h2s-1",
    "gas.gas-h2s-2",
  ]);
  const second = { ...both, devices: both.devices.slice(1) };
  expect(changeOf(second, "a").edits?.map((one) => one.at[0])).toEqual(["buses", "gas"]);
});

it("takes devices and areas together, or the one that there is alone", () => {
  const areas = { areas: [AREA], before: "b" };
  const all = changeOf({ ...first, areas }, "a");
  expect([all.file, all.before, all.also?.[0]?.file, all.also?.[0]?.before]).toEqual([
    "site.toml",
    "a",
    "areas.toml",
    "b",
  ]);
  expect(changeOf({ devices: [], areas }, "a")).toMatchObject({ file: "areas.toml", before: "b" });
  expect(changeOf(first, "a").also).toBeUndefined();
});

it("leaves out what is in force by now, in whatever order the box writes it", () => {
  const values = planned({}, first);
  const gas = Object.fromEntries(
    Object.entries((values.gas as Record<string, object>)["gas-h2s-1"] ?? {}).reverse(),
  );
  const now = { ...values, gas: { "gas-h2s-1": gas } };
  const { left, clashes } = standing(both, now);
  expect(left.devices.map((one) => one.id)).toEqual(["gas-h2s-2"]);
  expect(clashes).toEqual([]);
});

it("never writes over what somebody else has entered under the same id", () => {
  const { left, clashes } = standing(first, { gas: { "gas-h2s-1": { gas: "co" } } });
  expect(left.devices).toHaveLength(1);
  expect(clashes.map((one) => one.id)).toEqual(["gas-h2s-1"]);
});

it("replaces a device that is noted anew, and offers the gateway with its next unit", () => {
  expect(withDevice(both, detector("gas-h2s-1", 7, both)).devices.map((one) => one.id)).toEqual([
    "gas-h2s-2",
    "gas-h2s-1",
  ]);
  expect(gateways(planned({}, both))).toEqual([{ where: "10.0.0.5", unit: "3" }]);
  expect(gateways({ buses: { line: { kind: "modbus_rtu_tcp", host: "gw", port: 4001 } } })).toEqual([
    { where: "rtu-tcp://gw:4001", unit: "1" },
  ]);
});

it("holds nothing that an earlier page wrote otherwise", () => {
  expect(readable(JSON.parse(JSON.stringify(both)))).toEqual(both);
  for (const none of [null, 1, "x", {}, { devices: [{}] }, { devices: "x" }])
    expect(readable(none)).toBeNull();
});

it("keeps no password, and says that one is lacking", () => {
  const login = {
    do: "login" as const,
    at: ["cameras", "cam-1", "login"],
    value: { user: "a", password: "s3cret" },
  };
  const camera = { step: "camera" as const, id: "cam-1", name: NAME };
  const set = { do: "set" as const, at: ["cameras", "cam-1"], value: { url: "rtsp://x" } };
  const kept = withoutSecrets(withDevice(first, { ...camera, edits: [set, login] }));
  expect(JSON.stringify(kept)).not.toContain("s3cret");
  expect(kept.devices.map((one) => one.lacks)).toEqual([undefined, true]);
  expect(kept.devices[1]?.edits).toEqual([set]);
});

it("knows its own camera in force by the log-in that the box named, and takes it for nobody else's", () => {
  const at = ["cameras", "cam-1"];
  const row = { name: NAME, url: "rtsp://x" };
  const edits = [
    { do: "set" as const, at, value: row },
    { do: "login" as const, at: [...at, "login"], value: { user: "a", password: "s3cret" } },
  ];
  const noted = withDevice(NOTHING, { step: "camera", id: "cam-1", name: NAME, edits });
  const now = (more: object) => standing(noted, { cameras: { "cam-1": { ...row, ...more } } });
  expect(now({ login: "cam-1" }).left.devices).toEqual([]);
  expect(
    standing(withoutSecrets(noted), { cameras: { "cam-1": { ...row, login: "cam-1" } } }).clashes,
  ).toEqual([]);
  expect(now({}).left.devices).toHaveLength(1); // entered without its log-in: it is still to be given
  expect(now({ login: "cam-1", url: "rtsp://y" }).clashes).toHaveLength(1);
});

it("knows its areas in force once the file is another and says the same", () => {
  const noted = { devices: [], areas: { areas: [AREA], before: "b" } };
  expect(areasStand(noted, { sha256: "c", areas: [AREA] })).toBe(true);
  expect(areasStand(noted, { sha256: "b", areas: [AREA] })).toBe(false);
  expect(areasStand(noted, { sha256: "c", areas: [{ ...AREA, floor_m: 1 }] })).toBe(false);
});
