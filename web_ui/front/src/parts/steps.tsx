/** What I can do now: the most useful first and large, the rest below it, rare decisions folded away. */

import type { Permit, Step } from "../api/shapes/permit.ts";
import { chief, keyOf, mine, rare } from "../duty/steps.ts";
import { Link } from "../router.tsx";
import { said, t } from "../words/words.ts";

export function Steps({ permit, me }: { permit: Permit; me: string | undefined }) {
  const all = mine(permit, me);
  const steps = all.filter((step) => step.ask !== "here" && !rare(step));
  const decisions = all.filter(rare);
  const large = chief(permit, me);
  const first = large ? keyOf(large) : null;
  const link = (step: Step) => (
    <Link
      key={keyOf(step)}
      to={`/p/${encodeURIComponent(permit.id)}?do=${keyOf(step)}`}
      class={keyOf(step) === first ? "button main" : "button"}
    >
      {said(step.words)}
    </Link>
  );
  return (
    <>
      {steps.length > 0 && (
        <nav class="steps" data-main={first !== null} aria-label={t("phone.steps")}>
          {steps.map(link)}
        </nav>
      )}
      {decisions.length > 0 && (
        <details class="decisions">
          <summary class="button">{t("decide.more")}</summary>
          <nav class="steps" data-main="false" aria-label={t("decide.more")}>
            {decisions.map(link)}
          </nav>
        </details>
      )}
    </>
  );
}
