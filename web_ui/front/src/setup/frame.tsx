/** What every page of the wizard's devices needs: the settings of now, the areas; and back to the list. */
import "../styles/tasks.css";
import "../styles/tickets.css";
import "../styles/setup.css";
import { Fragment } from "preact";
import { useEffect, useState } from "preact/hooks";
import { call } from "../api/client.ts";
import { settingsNow } from "../api/settings.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import type { Settings } from "../api/shapes/settings.ts";
import { FaultCard } from "../parts/fault.tsx";
import { NotLive } from "../parts/notlive.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Link } from "../router.tsx";
import { useStore } from "../store.ts";
import { type Bilingual, bilingual, said, t, type Words } from "../words/words.ts";
import type { Table } from "./entries.ts";
import { planned, proposal } from "./proposal.ts";
import { netNear } from "./propose.ts";

export interface Site {
  settings: Settings; // as the box has them
  values: Table; // and as they would be with what is noted
  areas: PlanArea[];
  net: string; // what the next address begins with, "" where nothing is known of it
  named: Bilingual; // a name that nobody typed stands in the settings in both languages
}

interface Props {
  title: string;
  about: string;
  children: (site: Site) => preact.ComponentChildren;
}

export function Frame({ title, about, children }: Props) {
  const noted = useStore(proposal);
  const [found, setFound] = useState<Omit<Site, "values" | "net"> | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    Promise.all([settingsNow(), call<{ areas: PlanArea[] }>("GET", "/plan"), bilingual()]).then(
      ([settings, { areas }, named]) => setFound({ settings, areas, named }),
      setFailed,
    );
  }, []);
  const values = found && planned(found.settings.values, noted);
  const site = found && {
    ...found,
    values: values ?? {},
    net: netNear(values ?? {}, location.hostname),
    areas: noted.areas?.areas ?? found.areas,
  };
  return (
    <div class="flow setup">
      <NotLive />
      <section class="card">
        <h1>{title}</h1>
        <p>{about}</p>
        {failed !== null && <FaultCard thrown={failed} again={() => location.reload()} />}
        {!site && failed === null && <Waiting what={t("setup.looking")} />}
        {site && <Fragment key={noted.devices.length}>{children(site)}</Fragment>}
      </section>
      <Link to="/setup" class="button">
        {t("setup.back")}
      </Link>
    </div>
  );
}

/** What somebody typed is the name in both languages, for nobody else knows it better. */
export function nameOr(typed: string, otherwise: Words): Words {
  return typed ? { zh: typed, en: typed } : otherwise;
}

export function areaChoices(areas: readonly PlanArea[]) {
  return areas.map((one) => ({ id: one.id, words: said(one.name) }));
}

interface FieldProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  mode?: "text" | "numeric" | "decimal";
  hint?: string;
}

export function Line({ label, value, onValue, mode = "text", hint }: FieldProps) {
  return (
    <label class="field">
      {label}
      <input
        type="text"
        inputMode={mode}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        maxLength={400}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {hint && <small>{hint}</small>}
    </label>
  );
}

/** A whole number, or null for an empty field; NaN for what is none, which is ready for nothing. */
export function whole(text: string): number | null {
  if (text.trim() === "") return null;
  return /^\d{1,7}$/.test(text.trim()) ? Number(text) : Number.NaN;
}

export function figure(text: string): number | null {
  if (text.trim() === "") return null;
  return /^\d{1,7}(\.\d{1,4})?$/.test(text.trim()) ? Number(text) : Number.NaN;
}
