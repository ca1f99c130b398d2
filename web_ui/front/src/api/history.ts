/** What gas channels measured: the last quarter of an hour of all, or hours to a month of one. */
import { call } from "./client.ts";
import type { Curve, History } from "./types.ts";

export function lastCurves(): Promise<{ channels: Record<string, Curve> }> {
  return call("GET", "/curves");
}

export function historyOf(channel: string, hours: number): Promise<History> {
  return call<History>("GET", `/history/${encodeURIComponent(channel)}?hours=${hours}`);
}
