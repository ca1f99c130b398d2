/** What I can do now: the most useful first and large, the rest below it. */

import type { Permit } from "../api/types.ts";
import { keyOf, mine } from "../duty/steps.ts";
import { Link } from "../router.tsx";
import { said, t } from "../words/words.ts";

export function Steps({ permit, me }: { permit: Permit; me: string | undefined }) {
  const steps = mine(permit, me).filter((step) => step.ask !== "here");
  if (steps.length === 0) return null;
  const first = steps[0] && !mine(permit, me).some((step) => step.ask === "here") ? keyOf(steps[0]) : null;
  const home = `/p/${encodeURIComponent(permit.id)}`;
  return (
    <nav class="steps" data-main={first !== null} aria-label={t("phone.steps")}>
      {steps.map((step) => (
        <Link
          key={keyOf(step)}
          to={`${home}?do=${keyOf(step)}`}
          class={keyOf(step) === first ? "button main" : "button"}
        >
          {said(step.words)}
        </Link>
      ))}
    </nav>
  );
}
