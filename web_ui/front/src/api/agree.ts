/** Proves to the compiler that what the pages read (types.ts) is what the box sends (its OpenAPI document). */
import type { CameraSets } from "./cameras.ts";
import type { Films } from "./films.ts";
import type * as Sent from "./shapes.gen.ts";
import type * as Read from "./types.ts";

type Fits<Wanted, Given extends Wanted> = Given;

/** The figures of the day have no shape of their own in the document. */
type Live = Omit<Sent.Live, "today"> & { today: Read.Today };

export type Agreed = [
  Fits<Read.Live, Live>,
  Fits<Read.Session, Sent.LoggedIn>,
  Fits<Read.Box, Sent.Box>,
  Fits<Read.Answer, Sent.Answer>,
  Fits<Read.Areas, Sent.Areas>,
  Fits<Read.Plan, Sent.Plan>,
  Fits<{ terms: Read.Term[] }, Sent.Glossary>,
  Fits<Read.Settings, Sent.Settings>,
  Fits<Read.SettingsFiles, Sent.SettingsFiles>,
  Fits<Read.SettingsAnswer, Sent.SettingsAnswer>,
  Fits<CameraSets, Sent.CameraSets>,
  Fits<Films, Sent.Films>,
  Fits<Read.History, Sent.History>,
  Fits<{ error: Read.ErrorBody }, Sent.Failed>,
  Fits<Read.DayTable, Sent.DayTable>,
  Fits<Read.Review, Sent.Review>,
  Fits<{ rectifications: Read.Rectification[] }, Sent.Rectifications>,
  Fits<Omit<Read.Mine, "known">, Sent.Mine>,
  Fits<Read.Calculation, Sent.Calculation>,
  Fits<{ people: Read.Who[] }, Sent.People>,
];
