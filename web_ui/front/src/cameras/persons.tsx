/** Who is seen, in words: number, place, and what he wears as the box has concluded from several pictures. */
import type { SeenPerson, Shown } from "../api/cameras.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import type { Camera } from "../api/shapes/seen.ts";
import { said, t, term } from "../words/words.ts";
import { areaName } from "./overlay.tsx";
import { GUARD } from "./verdict.ts";

interface Props {
  shown: Shown | null;
  seen: Camera | undefined;
  plan: readonly PlanArea[];
}

export function Persons({ shown, seen, plan }: Props) {
  if (shown?.view !== "clear") return <p>{t("cameras.no_word")}</p>;
  return (
    <section>
      <h2>{t("cameras.people")}</h2>
      {shown.persons.length === 0 && <p>{t("cameras.nobody")}</p>}
      <ul class="persons">
        {shown.persons.map((one) => (
          <li key={one.track}>
            <b>{t("cameras.person", { track: one.track })}</b> · {placeOf(one, plan)}
            {wornBy(one, seen).map((told) => (
              <span key={told}> · {told}</span>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function placeOf({ zones = [] }: SeenPerson, plan: readonly PlanArea[]): string {
  return zones.length > 0
    ? zones.map((one) => areaName(one, plan)).join(t("phone.comma"))
    : t("cameras.nowhere");
}

/** What the box concludes, where anything is asked of him; else what this one picture says. */
function wornBy(person: SeenPerson, seen: Camera | undefined): string[] {
  const guard = person.ppe?.[GUARD];
  const mark = guard ? [`${term("item", GUARD)}${t("phone.colon")}${term("worn", guard)}`] : [];
  const concluded = seen?.ppe?.people.find((one) => one.track === person.track);
  if (concluded)
    return [...concluded.items.map((one) => `${said(one.name)}: ${term("worn", one.state)}`), ...mark];
  const items = Object.entries(person.ppe ?? {}).filter(([item]) => item !== GUARD);
  return [...items.map(([item, state]) => `${term("item", item)}: ${term("worn", state)}`), ...mark];
}
