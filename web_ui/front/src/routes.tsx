/** Every page and its address. A page that is not needed on a phone in a hurry is loaded when it is opened. */
import type { ComponentType } from "preact";
import { lazy } from "./lazy.tsx";
import { Claim } from "./pages/claim.tsx";
import { AtPoint, Home } from "./pages/home.tsx";
import { Login } from "./pages/login.tsx";
import { Missing } from "./pages/missing.tsx";
import { Permit } from "./pages/permit.tsx";
import { match, type Params } from "./router.tsx";

export type Page = ComponentType<{ params: Params }>;

/** `for`: whom the page is shown to; "person" somebody who is logged in, "anybody" everybody. */
export interface Route {
  pattern: string;
  page: Page;
  for: "person" | "anybody";
  wide?: true; // for a screen's whole width
  bare?: true; // without the frame
}

export const ROUTES: readonly Route[] = [
  { pattern: "/", page: Home, for: "person" },
  { pattern: "/login", page: Login, for: "anybody" },
  { pattern: "/claim", page: Claim, for: "anybody" },
  { pattern: "/p/:permit", page: Permit, for: "anybody" }, // STOP is for everybody; the page asks for the rest
  { pattern: "/at/:point", page: AtPoint, for: "person" },
  {
    pattern: "/board",
    page: lazy(async () => (await import("./pages/board.tsx")).Board),
    for: "person",
    wide: true,
  },
  {
    pattern: "/cameras",
    page: lazy(async () => (await import("./pages/cameras.tsx")).Cameras),
    for: "person",
    wide: true,
  },
  {
    pattern: "/films",
    page: lazy(async () => (await import("./pages/films.tsx")).Films),
    for: "person",
    wide: true,
  },
  {
    pattern: "/cameras/:camera/walk",
    page: lazy(async () => (await import("./pages/cameras.tsx")).WalkedCamera),
    for: "person",
    wide: true,
  },
  {
    pattern: "/cameras/:camera",
    page: lazy(async () => (await import("./pages/cameras.tsx")).Camera),
    for: "person",
    wide: true,
  },
  {
    pattern: "/play/:seq",
    page: lazy(async () => (await import("./pages/play.tsx")).Play),
    for: "person",
    wide: true,
  },
  {
    pattern: "/day",
    page: lazy(async () => (await import("./pages/day.tsx")).Day),
    for: "person",
    wide: true,
  },
  {
    pattern: "/actions",
    page: lazy(async () => (await import("./pages/actions.tsx")).Actions),
    for: "person",
  },
  {
    pattern: "/actions/:id",
    page: lazy(async () => (await import("./pages/actions.tsx")).Action),
    for: "person",
  },
  {
    pattern: "/works",
    page: lazy(async () => (await import("./pages/works.tsx")).Works),
    for: "person",
    wide: true,
  },
  {
    pattern: "/review",
    page: lazy(async () => (await import("./pages/review.tsx")).LookBack),
    for: "person",
    wide: true,
  },
  {
    pattern: "/drills",
    page: lazy(async () => (await import("./pages/drills.tsx")).Drills),
    for: "person",
    wide: true,
  },
  { pattern: "/audit", page: lazy(async () => (await import("./pages/audit.tsx")).Audit), for: "person" },
  { pattern: "/me", page: lazy(async () => (await import("./pages/me.tsx")).Me), for: "person" },
  {
    pattern: "/log-ins",
    page: lazy(async () => (await import("./pages/log_ins.tsx")).LogInsPage),
    for: "person",
  },
  {
    pattern: "/labels",
    page: lazy(async () => (await import("./pages/labels.tsx")).LabelsPage),
    for: "person",
    wide: true,
  },
  { pattern: "/report", page: lazy(async () => (await import("./pages/report.tsx")).Report), for: "person" },
  {
    pattern: "/panel",
    page: lazy(async () => (await import("./pages/panel.tsx")).Panel),
    for: "person",
    wide: true,
    bare: true,
  },
  {
    pattern: "/tickets/new",
    page: lazy(async () => (await import("./pages/ticket.tsx")).Ticket),
    for: "person",
  },
  {
    pattern: "/print/:permit",
    page: lazy(async () => (await import("./pages/print.tsx")).Print),
    for: "person",
  },
  { pattern: "/people", page: lazy(async () => (await import("./pages/people.tsx")).People), for: "person" },
  {
    pattern: "/setup/people",
    page: lazy(async () => (await import("./roster/list.tsx")).PeopleTable),
    for: "person",
  },
  {
    pattern: "/setup/zone",
    page: lazy(async () => (await import("./pages/zones.tsx")).NotedZones),
    for: "person",
    wide: true,
  },
  {
    pattern: "/devices",
    page: lazy(async () => (await import("./pages/devices.tsx")).Devices),
    for: "person",
  },
  {
    pattern: "/commissioning",
    page: lazy(async () => (await import("./pages/commissioning.tsx")).Commissioning),
    for: "person",
  },
  {
    pattern: "/map",
    page: lazy(async () => (await import("./pages/map.tsx")).SiteMap),
    for: "person",
    wide: true,
  },
  {
    pattern: "/zones",
    page: lazy(async () => (await import("./pages/zones.tsx")).Zones),
    for: "person",
    wide: true,
  },
  {
    pattern: "/setup",
    page: lazy(async () => (await import("./pages/setup.tsx")).Setup),
    for: "person",
  },
  {
    pattern: "/settings",
    page: lazy(async () => (await import("./pages/settings.tsx")).SettingsPage),
    for: "person",
    wide: true,
  },
  {
    pattern: "/settings/limits",
    page: lazy(async () => (await import("./pages/limits.tsx")).Limits),
    for: "person",
    wide: true,
  },
  {
    pattern: "/detectors",
    page: lazy(async () => (await import("./pages/detectors.tsx")).Detectors),
    for: "person",
  },
  {
    pattern: "/glossary",
    page: lazy(async () => (await import("./pages/glossary.tsx")).Glossary),
    for: "person",
  },
  {
    pattern: "/setup/detector",
    page: lazy(async () => (await import("./setup/detector.tsx")).Detector),
    for: "person",
  },
  {
    pattern: "/setup/camera",
    page: lazy(async () => (await import("./setup/camera.tsx")).Camera),
    for: "person",
  },
  {
    pattern: "/setup/relay",
    page: lazy(async () => (await import("./setup/relay.tsx")).Relay),
    for: "person",
  },
  {
    pattern: "/setup/outputs",
    page: lazy(async () => (await import("./setup/relay.tsx")).OutputsTried),
    for: "person",
  },
  {
    pattern: "/setup/wearable",
    page: lazy(async () => (await import("./setup/wearable.tsx")).Wearable),
    for: "person",
  },
  {
    pattern: "/gas",
    page: lazy(async () => (await import("./pages/gas.tsx")).Gas),
    for: "person",
    wide: true,
  },
  { pattern: "/alarms", page: lazy(async () => (await import("./pages/alarms.tsx")).Alarms), for: "person" },
  {
    pattern: "/events/:seq",
    page: lazy(async () => (await import("./pages/event.tsx")).Event),
    for: "person",
  },
];

export function routeAt(address: string): { route: Route; params: Params } {
  for (const route of ROUTES) {
    const params = match(route.pattern, address);
    if (params) return { route, params };
  }
  return { route: { pattern: "", page: Missing, for: "anybody" }, params: {} };
}
