/** What is noted and not in force: one list, one difference, one signature, one restart. */
import "../styles/tickets.css";
import { useEffect, useRef, useState } from "preact/hooks";
import { settingsNow } from "../api/settings.ts";
import type { Settings } from "../api/shapes/settings.ts";
import { areasNow } from "../api/zones.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Icon } from "../parts/icon.tsx";
import { tell } from "../parts/told.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Saving } from "../settings/saving.tsx";
import { useStore } from "../store.ts";
import { said, t } from "../words/words.ts";
import {
  areasStand,
  changeOf,
  forget,
  forgetAll,
  forgetAreas,
  isEmpty,
  kept,
  type Proposal,
  proposal,
  standing,
} from "./proposal.ts";

interface TakeProps {
  all: boolean; // nothing more can be noted, so that the box may say at once what it would do
  onNone: () => void; // the last one was let go, and this list with it
}

export function Take({ all, onNone }: TakeProps) {
  const [going, setGoing] = useState<Proposal | null>(null); // taken: the box is on its way up with it
  const waiting = useStore(proposal);
  const noted = going ?? waiting;
  const keeps = useStore(kept);
  const [settings, setSettings] = useState<Settings | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [looks, setLooks] = useState(0); // the page is not loaded anew for it: passwords lie in it alone
  const head = useRef<HTMLHeadingElement>(null);
  const nothing = isEmpty(noted);
  useEffect(() => {
    if (nothing) return;
    if (looks >= 0) setFailed(null);
    const drawn = proposal.get().areas ? areasNow() : null;
    Promise.all([settingsNow(), drawn]).then(([found, areas]) => {
      setSettings(found);
      const now = proposal.get();
      const { left } = standing(now, found.values);
      for (const one of now.devices) if (!left.devices.includes(one)) forget(one.id);
      if (areas && areasStand(now, areas)) forgetAreas();
    }, setFailed);
  }, [nothing, looks]);
  if (nothing) return null;
  const dropped = () => {
    if (isEmpty(proposal.get())) onNone();
    else head.current?.focus(); // its button goes with the line: a keyboard would be nowhere
  };
  return (
    <section class="card noted" aria-label={t("setup.not_in_force")}>
      <h2 ref={head} tabIndex={-1}>
        <Icon of="waiting" /> {t("setup.not_in_force")}
      </h2>
      <p class="hint">{t(keeps ? "setup.kept_here" : "setup.not_kept")}</p>
      <Listed noted={noted} settings={settings} onDropped={dropped} />
      {failed !== null && <FaultCard thrown={failed} again={() => setLooks(looks + 1)} />}
      {!settings && failed === null && <Waiting what={t("setup.looking")} />}
      {settings && (
        <Put
          noted={noted}
          settings={settings}
          all={all}
          onTaken={() => {
            setGoing(noted);
            forgetAll();
          }}
          onSaved={() => {
            setGoing(null);
            setSettings(null); // the next ones begin from those of then
            tell(() => t("setup.entered"));
          }}
        />
      )}
    </section>
  );
}

interface ListedProps {
  noted: Proposal;
  settings: Settings | null;
  onDropped: () => void;
}

function Listed({ noted, settings, onDropped }: ListedProps) {
  const drop = (what: () => void) => () => {
    what();
    onDropped();
  };
  const clashes = settings ? standing(noted, settings.values).clashes : [];
  return (
    <ul class="roster">
      {noted.areas && (
        <li>
          <p>
            <b>{t("setup.zone")}</b> <small>areas.toml</small>
          </p>
          <button type="button" class="button quiet" onClick={drop(forgetAreas)}>
            {t("setup.forget", { what: t("setup.zone") })}
          </button>
        </li>
      )}
      {noted.devices.map((one) => (
        <li key={one.id} data-noted={one.id}>
          <p>
            <b>{said(one.name)}</b> {!said(one.name).includes(one.id) && <small>{one.id}</small>}
            {clashes.includes(one) && <span role="alert">{t("setup.clash")}</span>}
            {one.lacks && <span role="alert">{t("setup.lacks")}</span>}
          </p>
          <button type="button" class="button quiet" onClick={drop(() => forget(one.id))}>
            {t("setup.forget", { what: one.id })}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface PutProps {
  noted: Proposal;
  settings: Settings;
  all: boolean;
  onTaken: () => void;
  onSaved: () => void;
}

function Put({ noted, settings, all, onTaken, onSaved }: PutProps) {
  const { clashes } = standing(noted, settings.values);
  if (clashes.length > 0 || noted.devices.some((one) => one.lacks)) return null;
  return (
    <Saving
      change={changeOf(noted, settings.sha256)}
      empty={false}
      checks={all}
      why={t("setup.reason")}
      onFaults={() => {}}
      onTaken={onTaken}
      onSaved={onSaved}
    />
  );
}
