/** Proves to the compiler that what the pages read (shapes/) is what the box sends (its OpenAPI document). */
import type { CameraSets } from "./cameras.ts";
import type { Films } from "./films.ts";
import type * as asking from "./shapes/asking.ts";
import type * as box from "./shapes/box.ts";
import type * as day from "./shapes/day.ts";
import type * as history from "./shapes/history.ts";
import type * as incident from "./shapes/incident.ts";
import type * as live from "./shapes/live.ts";
import type * as people from "./shapes/people.ts";
import type * as places from "./shapes/places.ts";
import type * as review from "./shapes/review.ts";
import type * as righting from "./shapes/righting.ts";
import type * as settings from "./shapes/settings.ts";
import type * as Sent from "./shapes.gen.ts";

type Fits<Wanted, Given extends Wanted> = Given;

/** The figures of the day have no shape of their own in the document. */
type Live = Omit<Sent.Live, "today"> & { today: live.Today };

export type Agreed = [
  Fits<live.Live, Live>,
  Fits<people.Session, Sent.LoggedIn>,
  Fits<box.Box, Sent.Box>,
  Fits<asking.Answer, Sent.Answer>,
  Fits<places.Areas, Sent.Areas>,
  Fits<places.Plan, Sent.Plan>,
  Fits<{ terms: settings.Term[] }, Sent.Glossary>,
  Fits<settings.Settings, Sent.Settings>,
  Fits<settings.SettingsFiles, Sent.SettingsFiles>,
  Fits<settings.SettingsAnswer, Sent.SettingsAnswer>,
  Fits<CameraSets, Sent.CameraSets>,
  Fits<Films, Sent.Films>,
  Fits<history.History, Sent.History>,
  Fits<{ error: asking.ErrorBody }, Sent.Failed>,
  Fits<day.DayTable, Sent.DayTable>,
  Fits<review.Review, Sent.Review>,
  Fits<{ rectifications: righting.Rectification[] }, Sent.Rectifications>,
  Fits<Omit<people.Mine, "known">, Sent.Mine>,
  Fits<incident.Calculation, Sent.Calculation>,
  Fits<{ people: people.Who[] }, Sent.People>,
];
