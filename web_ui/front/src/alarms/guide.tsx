/** What an alarm means and what each role does: the guide card, fetched when somebody opens it. */
import { useEffect, useState } from "preact/hooks";
import { call } from "../api/client.ts";
import { session } from "../api/session.ts";
import type { Guide } from "../api/shapes/live.ts";
import { FaultCard } from "../parts/fault.tsx";
import { brief } from "../parts/name.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { said, t, term, type Words } from "../words/words.ts";

/** The card of my own roles first: that line is read in a hurry. */
export function RoleCards({ cards }: { cards: Record<string, Words> }) {
  const own = session.get()?.who?.roles ?? [];
  const rows = Object.entries(cards).sort(([a], [b]) => Number(own.includes(b)) - Number(own.includes(a)));
  if (rows.length === 0) return null;
  return (
    <dl class="rolecards">
      {rows.map(([role, words]) => (
        <div key={role} data-own={own.includes(role)}>
          <dt>{term("role", role)}</dt>
          <dd>{brief(words)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function GuideCard({ code }: { code: string }) {
  const [guide, setGuide] = useState<Guide | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    call<Guide>("GET", `/cards/${encodeURIComponent(code)}`).then(setGuide, setFailed);
  }, [code]);
  if (failed !== null) return <FaultCard thrown={failed} />;
  if (!guide) return <Waiting what={t("alarms.guide_comes")} />;
  return (
    <>
      <dl class="guide">
        {(["cause", "consequence", "action"] as const).map((part) =>
          said(guide[part]) ? (
            <div key={part}>
              <dt>{t(`guide.${part}` as const)}</dt>
              <dd>{brief(guide[part])}</dd>
            </div>
          ) : null,
        )}
      </dl>
      <RoleCards cards={guide.card ?? {}} />
    </>
  );
}
