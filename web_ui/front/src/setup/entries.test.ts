import { expect, test } from "vitest";
import {
  cameraEdits,
  type Detector,
  detectorEdits,
  detectors,
  freeId,
  modules,
  placeOf,
  relayEdits,
} from "./entries.ts";

const NAME = { zh: "甲", en: "A" };
const PLACE = { kind: "modbus_tcp", host: "10.0.0.5", port: 502 } as const;
const ONE: Detector = {
  id: "gas-h2s-1",
  name: NAME,
  place: PLACE,
  unit_id: 3,
  profile: "cn10_single_gas",
  gas: "h2s",
  area: "tank",
  channel: null,
  range: null,
  unit: "",
};

test("an address is a host with or without its port", () => {
  expect(placeOf(" 10.0.0.5 ")).toEqual(PLACE);
  expect(placeOf("rtu-tcp://gw.local:4001")).toEqual({
    kind: "modbus_rtu_tcp",
    host: "gw.local",
    port: 4001,
  });
  for (const none of ["", "/dev/ttyUSB0", "10.0.0.5:0", "10.0.0.5:70000", "http://x", "-x"]) {
    expect(placeOf(none)).toBeNull();
  }
});

test("a new bus comes with its first detector, and serves the next one", () => {
  const [bus, gas] = detectorEdits({}, ONE);
  expect(bus).toEqual({ do: "set", at: ["buses", "gateway-1"], value: PLACE });
  expect(gas?.value).toMatchObject({ bus: "gateway-1", unit_id: 3, gas: "h2s" });
  const next = detectorEdits({ buses: { line: { kind: "modbus_tcp", host: "10.0.0.5" } } }, ONE);
  expect(next).toHaveLength(1);
  expect(next[0]?.value).toMatchObject({ bus: "line" });
});

test("a bus at another place or with another id stays as it is", () => {
  const values = { buses: { "gateway-1": { kind: "modbus_tcp", host: "10.0.0.6" } } };
  expect(detectorEdits(values, ONE)[0]?.at).toEqual(["buses", "gateway-2"]);
});

test("no id is given twice, whatever has it", () => {
  expect(freeId({}, "cam")).toBe("cam-1");
  expect(freeId({ gas: { "cam-1": {} }, cameras: { "cam-2": {} } }, "cam")).toBe("cam-3");
});

test("a nameplate's range and unit are entered where they were said", () => {
  const told = detectorEdits({}, { ...ONE, range: 100, unit: "ppm", channel: 2 })[1];
  expect(told?.value).toMatchObject({ range: 100, unit: "ppm", channel: 2 });
});

test("a camera sees its area with the whole picture at first", () => {
  const [edit] = cameraEdits({ id: "cam-1", name: NAME, url: "rtsp://x/1", model: "m", area: "tank" });
  expect(edit?.value).toMatchObject({
    areas: [
      {
        area: "tank",
        corners: [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
        ],
      },
    ],
  });
});

test("profiles that speak in named values are neither detectors on a bus nor modules", () => {
  const known = { "profiles.gas": ["cn10", "wise"], "profiles.relays": ["gpio", "log_only", "wago", "wise"] };
  expect(detectors(known)).toEqual(["cn10"]);
  expect(modules(known)).toEqual(["wago"]);
});

test("a relay has the outputs and contacts that were filled in, and no others", () => {
  const shared = {
    id: "relay-1",
    name: NAME,
    place: PLACE,
    unit_id: 1,
    profile: "wago_750-362",
    area: "tank",
  };
  const [whole] = relayEdits({
    ...shared,
    coils: { permissive: 0, siren: 1 },
    feedback: 0,
    siren_feedback: null,
    button: 1,
  });
  expect(whole?.value).toMatchObject({
    outputs: { permissive: { coil: 0, does: "permissive" }, siren: { coil: 1, does: "siren" } },
    contacts: {
      "permissive-feedback": { input: 0, kind: "feedback", of: "permissive" },
      "stop-button": { input: 1, kind: "stop_button" },
    },
  });
  const [bare] = relayEdits({
    ...shared,
    coils: { permissive: 0 },
    feedback: null,
    siren_feedback: null,
    button: null,
  });
  expect(bare?.value).toMatchObject({ outputs: { permissive: {} }, contacts: {} });
});
