/** Why it stopped, first-out first; what my role does now; whom to call; who is still in. */
import { people } from "../api/people.ts";
import { session } from "../api/session.ts";
import type { Permit } from "../api/shapes/permit.ts";
import { useStore } from "../store.ts";
import { clock } from "../words/times.ts";
import { beyond, said, t, term } from "../words/words.ts";
import { Icon } from "./icon.tsx";

const CALLED = ["shift_lead", "safety_officer"];

export function Stopped({ permit }: { permit: Permit }) {
  const { causes } = permit;
  if (causes.length === 0 && !permit.headcount) return null;
  return (
    <section class="card stopped">
      <Heads permit={permit} />
      <h2>{t("permit.why")}</h2>
      <ol>
        {causes.map((one, index) => (
          <li key={said(one.title) + String(one.since_utc)}>
            {index === 0 && causes.length > 1 && <b class="first">{t("permit.first")}</b>}{" "}
            <b>{said(one.title)}</b> {beyond(one)}{" "}
            {one.since_utc !== null && <small>{clock(one.since_utc)}</small>}
          </li>
        ))}
      </ol>
      <Cards permit={permit} />
      <Call />
    </section>
  );
}

function Cards({ permit }: { permit: Permit }) {
  const roles = session.get()?.who?.roles ?? [];
  const own = roles.flatMap((role) => (permit.cards[role] ? [{ role, words: permit.cards[role] }] : []));
  return (
    <>
      {own.map(({ role, words }) => (
        <p key={role} class="rolecard">
          <b>{term("role", role)}</b> {said(words)}
        </p>
      ))}
    </>
  );
}

function Call() {
  const known = useStore(people);
  const whom = CALLED.flatMap((role) =>
    [...known.values()]
      .filter((one) => one.roles.includes(role))
      .map((one) => `${term("role", role)} ${one.name}`),
  );
  if (whom.length === 0) return null;
  return <p class="call">{t("phone.call", { whom: whom.join(t("phone.or")) })}</p>;
}

/** Who must still come out; unknown is never out. */
function Heads({ permit }: { permit: Permit }) {
  if (!permit.headcount) return null;
  const { people: heads, area } = permit.headcount;
  const missing = heads.filter((one) => one.where !== "out");
  return (
    <>
      <h2>{t("heads.title", { place: said(area) })}</h2>
      {missing.length === 0 && <p>{t("heads.all_out", { count: heads.length })}</p>}
      <ul>
        {missing.map((one) => (
          <li key={one.id}>
            <Icon of={one.where === "inside" ? "warning" : "unknown"} /> <bdi>{one.name}</bdi>:{" "}
            <b>{t(one.where === "inside" ? "heads.inside" : "heads.unknown")}</b>
          </li>
        ))}
      </ul>
    </>
  );
}
