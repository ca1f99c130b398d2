/** The tables of a look back, and a row that can be judged. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { API, call, RECORDS_MS } from "../api/client.ts";
import type { Review, ReviewPart, ReviewRow } from "../api/shapes/review.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Link } from "../router.tsx";
import { said, t } from "../words/words.ts";

export type Kind = "pauses" | "shadow" | "coverage" | "overrides" | "drills";

export function useReview(kind: Kind, days: number) {
  const [found, setFound] = useState<Review | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew when something was judged
  useEffect(() => {
    let left = false;
    setFailed(null);
    call<Review>("GET", `/reviews/${kind}?days=${days}`, undefined, RECORDS_MS).then(
      (review) => left || setFound(review),
      (thrown) => left || setFailed(thrown),
    );
    return () => {
      left = true;
    };
  }, [kind, days, asked]);
  return { found: found?.kind === kind ? found : null, failed, again: () => setAsked(asked + 1) };
}

interface Props {
  kind: Kind;
  days: number;
  review: ReturnType<typeof useReview>;
  more?: (row: ReviewRow) => ComponentChildren;
}

export function Tables({ kind, days, review: { found, failed, again }, more }: Props) {
  if (failed !== null) return <FaultCard thrown={failed} again={again} />;
  if (!found) return <Waiting what={t("review.comes")} />;
  return (
    <div class="reviewed" data-kind={kind}>
      <p>{said(found.about)}</p>
      {found.demo && <p class="mark">{t("page.demo")}</p>}
      {said(found.whole) !== "" && <p class="mark">{said(found.whole)}</p>}
      {found.parts.map((part) => (
        <Part key={part.title.zh} part={part} more={more} />
      ))}
      <div class="files">
        {(["pdf", "csv"] as const).map((form) => (
          <a
            class="button"
            key={form}
            href={`${API}/reviews/${kind}/table.${form}?days=${days}`}
            download={`${kind}.${form}`}
          >
            {t(form === "pdf" ? "day.pdf" : "day.csv")}
          </a>
        ))}
        <button type="button" class="button" onClick={() => print()}>
          {t("drills.print")}
        </button>
      </div>
    </div>
  );
}

function Part({ part, more }: { part: ReviewPart; more: Props["more"] }) {
  return (
    <>
      <h2>{said(part.title)}</h2>
      {part.rows.length === 0 && <p class="empty">{said(part.none)}</p>}
      <ul class="rows">
        {part.rows.map((row, at) => (
          <li key={at} data-event={row.event} data-judged={row.judged}>
            <dl>
              {row.cells.map((cell, column) => (
                <div key={column}>
                  <dt>{part.heads[column] && said(part.heads[column])}</dt>
                  <dd>{said(cell)}</dd>
                </div>
              ))}
            </dl>
            {row.event !== null && (
              <Link class="button" to={`/events/${row.event}`}>
                {t("review.event", { event: row.event })}
              </Link>
            )}
            {more?.(row)}
          </li>
        ))}
      </ul>
    </>
  );
}
