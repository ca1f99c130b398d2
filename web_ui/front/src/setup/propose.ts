/** What a field begins with, for somebody to go on typing: never a whole answer that nobody has given. Pure. */
import { rows, type Table } from "./entries.ts";

/** Devices of one site stand in one network: "10.20.0." of "10.20.0.5"; "" where it is no IPv4 address. */
export function netOf(host: string): string {
  return /^(?:\d{1,3}\.){3}(?=\d{1,3}$)/.exec(host)?.[0] ?? "";
}

/** The network of the newest device that has an address; else that in which this page reached the box. */
export function netNear(values: Table, page: string): string {
  const cameras = Object.values(rows(values, "cameras")).map(({ url }) => hostOf(url));
  const hosts = ["buses", "relays"].flatMap((table) =>
    Object.values(rows(values, table)).map(({ host }) => host),
  );
  const nets = [...cameras, ...hosts].map((one) => (typeof one === "string" ? netOf(one) : ""));
  const own = page.startsWith("127.") ? "" : netOf(page); // the box's own screen, or a tunnel: no device is there
  return nets.filter((one) => one !== "").at(-1) ?? own;
}

function hostOf(url: unknown): string {
  return /^rtsps?:\/\/([^/:]+)/.exec(typeof url === "string" ? url : "")?.[1] ?? "";
}

/** An address as people type it: `10.0.0.9/live` is a stream too; null while there is no host or it holds a log-in. */
export function streamOf(typed: string, net: string): string | null {
  const text = typed.trim();
  if (text === "" || text === net) return null;
  const url = text.includes("://") ? text : `rtsp://${text}`;
  return /^rtsps?:\/\/[^\s@]+$/.test(url) ? url : null;
}

/** The short name by which somebody logs in, of a name in Latin letters; "" of any other: he types it. */
export function idOf(name: string): string {
  const plain = name.normalize("NFD").replaceAll(/\p{M}/gu, "").trim();
  if (!/^[A-Za-z][A-Za-z .'-]*$/.test(plain)) return "";
  return plain
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean)
    .join("-");
}

/** How a module is wired in the technician's guide (docs/technician.md, chapter 2), as the fields of its page. */
export const WIRED = {
  coils: { permissive: "0", siren: "1", beacon: "" },
  inputs: { feedback: "0", button: "1", siren_feedback: "2" },
};
