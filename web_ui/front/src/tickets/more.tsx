/** What few tickets need: further scopes of certificates, and the other tickets of the same job. */
import type { Live } from "../api/shapes/live.ts";
import type { Offers } from "../api/shapes/tickets.ts";
import { toneOf } from "../duty/tone.ts";
import { cut } from "../parts/name.tsx";
import { said, t, term } from "../words/words.ts";
import type { Draft } from "./draft.ts";
import { Pick } from "./pick.tsx";

interface Props {
  draft: Draft;
  offers: Offers;
  live: Live;
  onDraft: (change: Partial<Draft>) => void;
}

export function Scopes({ draft, offers, onDraft }: Omit<Props, "live">) {
  const anyway = draft.work?.certificates ?? [];
  return (
    <Pick
      label={t("ticket.scopes")}
      choices={Object.entries(offers.scopes)
        .filter(([id]) => !anyway.includes(id))
        .map(([id, words]) => ({ id, words: said(words) }))}
      chosen={draft.scopes}
      several
      none=""
      onChosen={(scopes) => onDraft({ scopes })}
    />
  );
}

export function Linked({ draft, live, onDraft }: Omit<Props, "offers">) {
  const open = live.permits.filter((one) => toneOf(one) !== "over");
  return (
    <>
      <Pick
        label={t("ticket.linked")}
        choices={open.map((one) => ({
          id: one.id,
          words: `${term("type", one.type)} ${one.level} · ${said(one.area)} · ${cut(one.id, 24)}`,
        }))}
        chosen={draft.linked}
        several
        none={t("ticket.no_linked")}
        onChosen={(linked) => onDraft({ linked })}
      />
      {open.length > 0 && <p class="hint">{t("ticket.linked_how")}</p>}
    </>
  );
}
