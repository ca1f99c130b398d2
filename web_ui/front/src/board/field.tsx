/** What is worn and switched on site: people with their places, outputs with what their contacts say. */
import type { Switched, Wearer } from "../api/shapes/seen.ts";
import { Icon } from "../parts/icon.tsx";
import { brief, cut, Name } from "../parts/name.tsx";
import { Heard } from "../parts/now.tsx";
import { lasting } from "../words/times.ts";
import { t, term } from "../words/words.ts";

export function People({ people }: { people: Wearer[] }) {
  if (people.length === 0) return <p class="empty">{t("people.none")}</p>;
  return (
    <ul class="people">
      {people.map((one) => (
        <li key={one.id} data-fresh={one.fresh} data-person={cut(one.id)}>
          <p class="person">
            <b>
              <Name of={one.name} />
            </b>
            <span>{cut(one.roles.map((role) => term("role", role)).join(" · "))}</span>
          </p>
          <p class="place">
            {!one.fresh && <strong class="lost">{t("people.lost")}</strong>} <Place one={one} />
          </p>
          {one.worn.map((item) => (
            <p key={item.item} data-worn={item.state}>
              {brief(item.name)} <b>{said(item.item, hooked(item.state))}</b>
              {item.for_s !== null && ` ${lasting(item.for_s)}`}
            </p>
          ))}
          <p class="age">
            <Heard age_s={one.age_s} say="people.heard" never="people.never" />
          </p>
        </li>
      ))}
    </ul>
  );
}

/** A harness is hooked to something, or not; all else is worn. */
function said(item: string, state: ReturnType<typeof hooked>): string {
  return item === "harness" ? t(`hook.${state}`) : t(`worn.${state}`);
}

function hooked(state: string): "worn" | "missing" | "unsure" {
  return state === "worn" || state === "missing" ? state : "unsure";
}

function Place({ one }: { one: Wearer }) {
  if (one.area) return <span>{brief(one.area)}</span>;
  if (one.x_m === null || one.y_m === null) {
    return <strong class="lacks">{t("people.place_unknown")}</strong>;
  }
  return (
    <span>
      {t("people.outside")} ({one.x_m.toFixed(0)}, {one.y_m.toFixed(0)} m)
    </span>
  );
}

export function Outputs({ outputs }: { outputs: Switched[] }) {
  if (outputs.length === 0) return <p class="empty">{t("output.none")}</p>;
  return (
    <ul class="outputs">
      {outputs.map((one) => (
        <Output key={`${one.device}/${one.channel}`} one={one} />
      ))}
    </ul>
  );
}

function Output({ one }: { one: Switched }) {
  const { feedback_closed: closed, wanted_on } = one;
  const disagrees = closed !== null && closed !== wanted_on;
  return (
    <li data-disagrees={disagrees} data-output={`${one.device}/${one.channel}`}>
      <p>
        <b>{term("output", one.does)}</b> <small>{brief(one.name)}</small>
      </p>
      <p class="switch">
        <small>{t("output.wanted")}</small> {t(wanted_on ? "output.on" : "output.off")}
      </p>
      <p class="switch">
        <small>{t("output.feedback")}</small>{" "}
        {t(closed === null ? "output.unknown" : closed ? "output.closed" : "output.open")}
        {disagrees && (
          <strong class="lacks">
            <Icon of="warning" /> {t("output.mismatch")}
          </strong>
        )}
      </p>
    </li>
  );
}
