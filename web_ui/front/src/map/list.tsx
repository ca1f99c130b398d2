/** The plan in words: every area with what is in it, the emptiest last; first of all who is nowhere known. */

import type { Permit } from "../api/shapes/permit.ts";
import type { Wearer } from "../api/shapes/seen.ts";
import { Heads } from "../board/duty.tsx";
import { tileOf } from "../board/look.ts";
import { dangerous } from "../gas/danger.ts";
import { sampled } from "../parts/gas.tsx";
import { Icon } from "../parts/icon.tsx";
import { brief, cut, Name } from "../parts/name.tsx";
import { Heard } from "../parts/now.tsx";
import { Link } from "../router.tsx";
import { t, term } from "../words/words.ts";
import type { Place, Places } from "./places.ts";

const MOST_PEOPLE = 60;

interface Props {
  places: Places;
  chosen: string;
  choose: (area: string) => void;
}

export function List({ places: { all, lost, elsewhere }, chosen, choose }: Props) {
  const counts = all.flatMap((one) => one.permits).filter((one) => one.headcount !== null);
  return (
    <div class="places">
      {counts.map((one) => (
        <section key={one.id} class="card leaving">
          <h2>
            <Icon of="evacuate" /> {t("map.leave", { permit: cut(one.id, 40) })}
          </h2>
          {one.headcount && <Heads count={one.headcount} />}
        </section>
      ))}
      {lost.length > 0 && (
        <section class="card">
          <h2>
            <Icon of="unknown" /> {t("map.lost", { count: lost.length })}
          </h2>
          <Who all={lost} />
        </section>
      )}
      {[...all]
        .sort((one, other) => weight(other) - weight(one))
        .map((one) => (
          <Area key={one.area.id} place={one} open={one.area.id === chosen} choose={choose} />
        ))}
      {elsewhere.gas.length + elsewhere.cameras.length + elsewhere.permits.length > 0 && (
        <section class="card">
          <h2>{t("map.elsewhere")}</h2>
          <Things gas={elsewhere.gas} cameras={elsewhere.cameras} permits={elsewhere.permits} />
        </section>
      )}
    </div>
  );
}

/** What people must look at first. */
function weight({ leave, danger, permits, people, gas, cameras }: Place): number {
  return (
    Number(leave) * 1e6 +
    Number(danger) * 1e5 +
    permits.length * 1e3 +
    people.length +
    gas.length +
    cameras.length
  );
}

function Area({ place, open, choose }: { place: Place; open: boolean; choose: (area: string) => void }) {
  const { area, people, gas, danger } = place;
  return (
    <details
      class="card"
      data-area={area.id}
      open={open}
      onToggle={(event) => {
        if (event.currentTarget.open) choose(area.id);
      }}
    >
      <summary class="button">
        {danger && <Icon of="warning" />}
        <b>{brief(area.name, 40)}</b>
        <span>
          {[
            t("map.people", { count: people.length }),
            ...(gas.length > 0 ? [t("map.detectors", { count: gas.length })] : []),
          ].join(" · ")}
        </span>
      </summary>
      <Things {...place} />
      <Who all={people} />
    </details>
  );
}

function Things({ gas, cameras, permits }: Pick<Place, "gas" | "cameras" | "permits">) {
  return (
    <ul class="things">
      {permits.map((one) => (
        <li key={one.id}>
          <Link class="button quiet" to={`/p/${encodeURIComponent(one.id)}`}>
            {cut(one.id, 40)} · {stateOf(one)}
          </Link>
        </li>
      ))}
      {gas.map((one) => (
        <li key={one.id} data-danger={dangerous(one)}>
          {dangerous(one) && <Icon of="warning" />} <b>{sampled(one)}</b> {brief(one.name, 40)}
        </li>
      ))}
      {cameras.map((one) => (
        <li key={one.id} data-danger={one.view !== "clear"}>
          {one.view !== "clear" && <Icon of="gone" />} {brief(one.name, 40)}:{" "}
          {one.view === "clear"
            ? t("view.clear")
            : `${t("camera.not_monitored")} · ${term("view", one.view)}`}
        </li>
      ))}
    </ul>
  );
}

function stateOf(permit: Permit): string {
  return tileOf(permit) === "evacuate" ? t("glance.evacuate") : term("state", permit.state);
}

function Who({ all }: { all: Wearer[] }) {
  if (all.length === 0) return null;
  return (
    <ul class="who-list">
      {all.slice(0, MOST_PEOPLE).map((one) => (
        <li key={one.id}>
          <Name of={one.name} /> <Heard age_s={one.age_s} say="people.heard" never="people.never" />
        </li>
      ))}
      {all.length > MOST_PEOPLE && <li>{t("map.more", { count: all.length - MOST_PEOPLE })}</li>}
    </ul>
  );
}
