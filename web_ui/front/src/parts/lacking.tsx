/** What stands against working, and who can do something about it: me, or somebody by name. */
import { nameOf, people } from "../api/people.ts";
import type { Permit, Step } from "../api/shapes/permit.ts";
import { mine, others } from "../duty/steps.ts";
import { awaits, toneOf } from "../duty/tone.ts";
import { useStore } from "../store.ts";
import { beyond, said, t, term } from "../words/words.ts";
import { Icon } from "./icon.tsx";

/** Steps that only count or look: nobody waits for them. */
const NOBODY_WAITS = new Set([
  "end_work",
  "here",
  "enter",
  "leave",
  "contact",
  "check_out",
  "wear",
  "revoke",
  "acknowledge",
  "close",
  "shelve",
  "override",
  "drill",
]);

const HEADS = {
  start: { against: "permit.standing_start", clear: "permit.clear_start" },
  resume: { against: "permit.standing_resume", clear: "permit.clear_resume" },
  now: { against: "permit.standing_now", clear: "permit.standing_now" },
} as const;

export function Missing({ permit, me }: { permit: Permit; me: string | undefined }) {
  useStore(people); // names come later than the first picture
  const tone = toneOf(permit);
  if (tone === "over" || tone === "may_work") return null;
  const kind = tone === "waiting" || tone === "stopped" || tone === "evacuate" ? awaits(permit) : "now";
  if (kind === "now" && permit.standing.length === 0) return null;
  const waited = (steps: Step[]) =>
    kind === "now" ? [] : steps.filter((step) => !NOBODY_WAITS.has(step.ask) && !settled(step, permit, kind));
  const own = waited(mine(permit, me));
  const rest = waited(others(permit, me));
  return (
    <section class="card missing">
      <h2>{t(permit.standing.length > 0 ? HEADS[kind].against : HEADS[kind].clear)}</h2>
      <ul>
        {permit.standing.map((one) => (
          <li key={said(one.title) + said(one.detail)}>
            <Icon of="gone" />
            <span>
              <b>{said(one.title)}</b> {beyond(one)}
            </span>
          </li>
        ))}
      </ul>
      {own.length > 0 && (
        <p class="who">
          <b>{t("phone.you")}</b> {own.map((step) => said(step.words)).join(t("phone.comma"))}
        </p>
      )}
      {rest.map((step) => (
        <p class="who" key={step.words.en}>
          <b>{step.persons.map((id) => nameOf(id, permit)).join(t("phone.or"))}</b> {said(step.words)}
        </p>
      ))}
      <Signatures permit={permit} />
    </section>
  );
}

/** A check-in is waited for while nobody guards, and by the same guard after a stop; never a relief. */
function settled(step: Step, permit: Permit, kind: "start" | "resume"): boolean {
  if (step.ask !== "check_in" || permit.guard_id === null) return false;
  return step.about.length === 0 && (kind === "start" || !step.persons.includes(permit.guard_id));
}

/** "guard: Li Na" with the capacity in the reader's language. */
export function signed(signature: string): string {
  const [capacity = "", ...name] = signature.split(": ");
  return name.length > 0 ? `${term("role", capacity)} ${name.join(": ")}` : signature;
}

function Signatures({ permit }: { permit: Permit }) {
  if (permit.lacking.length === 0 && permit.signatures.length === 0) return null;
  return (
    <>
      <h3>{t("phone.signatures")}</h3>
      <ul>
        {permit.signatures.map((one) => (
          <li key={one}>
            <Icon of="may_work" />
            <span>{signed(one)}</span>
          </li>
        ))}
        {permit.lacking.map((one) => (
          <li key={one.capacity}>
            <Icon of="waiting" />
            <span>
              {t("phone.must_sign", { capacity: said(one.words) })} <b>{one.persons.join(t("phone.or"))}</b>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
