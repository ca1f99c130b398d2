/** What is entered into site.toml for a new device: the smallest edits, ids that are free. Pure. */
import type { Edit } from "../api/shapes/asking.ts";
import type { Words } from "../words/words.ts";

export type Table = Record<string, unknown>;
type Rows = Record<string, Table>;

const MODBUS = 502;

export function rows(values: Table, table: string): Rows {
  const found = values[table];
  return typeof found === "object" && found !== null && !Array.isArray(found) ? (found as Rows) : {};
}

/** `name`-1, `name`-2 ...: the first that nobody has. Ids are of one device, whatever it is. */
export function freeId(values: Table, name: string): string {
  const taken = new Set(
    ["gas", "gauges", "cameras", "relays", "wearables", "weather"].flatMap((one) =>
      Object.keys(rows(values, one)),
    ),
  );
  return first(name, (id) => taken.has(id));
}

function first(name: string, taken: (id: string) => boolean): string {
  let number = 1;
  while (taken(`${name}-${number}`)) number += 1;
  return `${name}-${number}`;
}

export interface Gateway {
  kind: "modbus_tcp" | "modbus_rtu_tcp";
  host: string;
  port: number;
}

export interface Line {
  kind: "modbus_rtu";
  device: string;
  baud: number;
  parity: string;
  stop_bits: number;
}

export type Place = Gateway | Line;

export const BAUDS = [9600, 19200, 4800, 2400, 1200, 38400, 57600, 115200] as const;
export const PARITIES = ["N", "E", "O"] as const;

/** A serial port of the box, as the box itself takes it (edge_agent/tell/desk_look.py). */
export function isSerial(where: string): boolean {
  return /^\/dev\/(tty[A-Za-z]{0,4}\d{1,3}|pts\/\d{1,6}|serial\/by-(id|path)\/[A-Za-z0-9_:-][A-Za-z0-9_.:-]*)$/.test(
    where.trim(),
  );
}

/** `host`, `host:port` or `rtu-tcp://host:port`; null where it is none of them. */
export function placeOf(where: string): Gateway | null {
  const found = /^(rtu-tcp:\/\/)?([A-Za-z0-9][A-Za-z0-9.-]*)(?::(\d{1,5}))?$/.exec(where.trim());
  if (!found) return null;
  const port = Number(found[3] ?? MODBUS);
  if (port < 1 || port > 65535) return null;
  return { kind: found[1] ? "modbus_rtu_tcp" : "modbus_tcp", host: found[2] ?? "", port };
}

/** The gateways that are entered, as they are typed, each with the unit number after the highest one on it. */
export function gateways(values: Table): { where: string; unit: string }[] {
  const gas = Object.values(rows(values, "gas"));
  return Object.entries(rows(values, "buses")).flatMap(([id, { kind, host, port }]) => {
    if ((kind !== "modbus_tcp" && kind !== "modbus_rtu_tcp") || typeof host !== "string") return [];
    const units = gas.flatMap((one) =>
      one.bus === id && typeof one.unit_id === "number" ? [one.unit_id] : [],
    );
    const at = port === undefined || port === MODBUS ? host : `${host}:${port}`;
    return [
      { where: kind === "modbus_tcp" ? at : `rtu-tcp://${at}`, unit: String(Math.max(0, ...units) + 1) },
    ];
  });
}

export interface Detector {
  id: string;
  name: Words;
  place: Place;
  unit_id: number;
  profile: string;
  gas: string;
  area: string;
  channel: number | null;
  range: number | null;
  unit: string;
}

/** The detector, and its bus where none that is in force leads there yet. */
export function detectorEdits(values: Table, one: Detector, inForce: Table = values): Edit[] {
  const place = one.place;
  const buses = rows(values, "buses");
  const there = Object.keys(buses).find((id) => {
    const bus = buses[id];
    if (bus?.kind !== place.kind) return false;
    if (place.kind === "modbus_rtu") return bus.device === place.device;
    return bus.host === place.host && (bus.port ?? MODBUS) === place.port;
  });
  const bus =
    there ??
    first(
      place.kind === "modbus_rtu" ? "line" : "gateway",
      (id) => id in buses || id in rows(values, "opcua"),
    );
  const row: Table = {
    name: one.name,
    bus,
    unit_id: one.unit_id,
    profile: one.profile,
    gas: one.gas,
    area: one.area,
    ...(one.channel === null ? {} : { channel: one.channel }),
    ...(one.range === null ? {} : { range: one.range }),
    ...(one.unit === "" ? {} : { unit: one.unit }),
  };
  return [
    ...(bus in rows(inForce, "buses")
      ? []
      : [{ do: "set" as const, at: ["buses", bus], value: { ...place } }]),
    { do: "set", at: ["gas", one.id], value: row },
  ];
}

export interface Camera {
  id: string;
  name: Words;
  url: string;
  model: string;
  area: string;
}

const WHOLE = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
]; // of the picture; drawn finer on the page of the camera

export function cameraEdits(one: Camera): Edit[] {
  const seen = { id: `${one.area}-in-${one.id}`, area: one.area, corners: WHOLE };
  const row = { name: one.name, url: one.url, model: one.model, areas: [seen] };
  return [{ do: "set", at: ["cameras", one.id], value: row }];
}

/** Profiles of devices that are asked over Modbus: others speak in named values, whatever they are. */
export function detectors(known: Record<string, string[]>): string[] {
  const others = new Set(known["profiles.relays"]);
  return (known["profiles.gas"] ?? []).filter((one) => !others.has(one));
}

export function modules(known: Record<string, string[]>): string[] {
  const others = new Set(["gpio", "log_only", ...(known["profiles.gas"] ?? [])]);
  return (known["profiles.relays"] ?? []).filter((one) => !others.has(one));
}

export const DOES = ["permissive", "siren", "beacon"] as const;

export interface Relay {
  id: string;
  name: Words;
  place: Gateway;
  unit_id: number;
  profile: string;
  area: string;
  coils: Partial<Record<(typeof DOES)[number], number>>;
  feedback: number | null; // the input of the permissive's mirror contact
  siren_feedback: number | null;
  button: number | null; // the input of the stop button
}

export function relayEdits(one: Relay): Edit[] {
  const outputs = Object.fromEntries(
    DOES.filter((does) => one.coils[does] !== undefined).map((does) => [
      does,
      { coil: one.coils[does], does },
    ]),
  );
  const contacts: Table = {};
  if (one.feedback !== null) {
    contacts["permissive-feedback"] = { input: one.feedback, kind: "feedback", of: "permissive" };
  }
  if (one.siren_feedback !== null) {
    contacts["siren-feedback"] = { input: one.siren_feedback, kind: "feedback", of: "siren" };
  }
  if (one.button !== null) contacts["stop-button"] = { input: one.button, kind: "stop_button" };
  const { host, port } = one.place;
  const row = {
    name: one.name,
    areas: [one.area],
    host,
    port,
    unit_id: one.unit_id,
    profile: one.profile,
    outputs,
    contacts,
  };
  return [{ do: "set", at: ["relays", one.id], value: row }];
}

export interface Wearable {
  id: string;
  name: Words;
  profile: string;
  provider_id: string;
  period_s: number;
}

export function wearableEdits({ id, ...row }: Wearable): Edit[] {
  return [{ do: "set", at: ["wearables", id], value: row }];
}
