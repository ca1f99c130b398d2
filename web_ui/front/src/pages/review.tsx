/** A look back: pauses and false ones, what shadow mode would have done, what was watched, what was let be. */
import "../styles/office.css";
import "../styles/righting.css";
import { useState } from "preact/hooks";
import { session } from "../api/session.ts";
import { Judge, mayJudge } from "../review/judge.tsx";
import { type Kind, Tables, useReview } from "../review/tables.tsx";
import { useStore } from "../store.ts";
import { Pick } from "../tickets/pick.tsx";
import { t } from "../words/words.ts";

const KINDS = ["pauses", "coverage", "overrides", "shadow"] as const;
const DAYS = [1, 7, 30, 90];

export function Days({ days, onDays }: { days: number; onDays: (days: number) => void }) {
  return (
    <Pick
      label={t("review.days")}
      choices={DAYS.map((one) => ({ id: String(one), words: String(one) }))}
      chosen={[String(days)]}
      none=""
      onChosen={([id]) => onDays(Number(id))}
    />
  );
}

export function LookBack() {
  const roles = useStore(session)?.who?.roles ?? [];
  const [kind, setKind] = useState<Kind>("pauses");
  const [days, setDays] = useState(30);
  const review = useReview(kind, days);
  return (
    <section class="card office review">
      <h1>{t("review.title")}</h1>
      <div class="tabs">
        {KINDS.map((one) => (
          <button
            type="button"
            class="button"
            key={one}
            data-kind={one}
            aria-pressed={one === kind}
            onClick={() => setKind(one)}
          >
            {t(`review.${one}`)}
          </button>
        ))}
      </div>
      <Days days={days} onDays={setDays} />
      <Tables
        kind={kind}
        days={days}
        review={review}
        more={(row) =>
          kind === "pauses" &&
          row.event !== null &&
          mayJudge(roles) && <Judge key={row.judged} event={row.event} onDone={review.again} />
        }
      />
    </section>
  );
}
