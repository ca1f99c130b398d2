/** The measures of a draft: the book's, taken unless somebody says that one does not apply, and its own. */
import type { Live } from "../api/shapes/live.ts";
import type { Offers } from "../api/shapes/tickets.ts";
import { namesOf } from "../parts/name.tsx";
import { said, t } from "../words/words.ts";
import type { Draft, Own } from "./draft.ts";
import { able, PEOPLE, proofOf, proversOf } from "./measures.ts";
import { Pick } from "./pick.tsx";

interface Props {
  draft: Draft;
  offers: Offers;
  live: Live;
  onDraft: (change: Partial<Draft>) => void;
}

export function Measures({ draft, offers, live, onDraft }: Props) {
  const provers = proversOf(draft, offers, live);
  const flip = (id: string) =>
    onDraft({
      left_out: draft.left_out.includes(id)
        ? draft.left_out.filter((one) => one !== id)
        : [...draft.left_out, id],
    });
  const set = (at: number, change: Partial<Own>) =>
    onDraft({ own: draft.own.map((one, index) => (index === at ? { ...one, ...change } : one)) });
  return (
    <>
      <p class="hint">{t("measure.how")}</p>
      <div class="ticks">
        {draft.work?.measures.map(({ id, words, shown_by }) => {
          const taken = !draft.left_out.includes(id);
          return (
            <div key={id} class="measure">
              <label class="tick">
                <input type="checkbox" checked={taken} onChange={() => flip(id)} />
                <span>
                  {said(words)} {!taken && <small>{t("measure.left_out")}</small>}
                </span>
              </label>
              {taken && able(shown_by, provers).length > 0 && (
                <Proof
                  of={said(words)}
                  devices={able(shown_by, provers)}
                  chosen={proofOf(id, shown_by, draft, provers)}
                  live={live}
                  onChosen={(source) => onDraft({ shown_by: { ...draft.shown_by, [id]: source } })}
                />
              )}
            </div>
          );
        })}
        {draft.own.map((one, at) => (
          <div key={at} class="measure">
            <label class="field">
              {t("measure.own", { n: at + 1 })}
              <input
                value={one.words}
                maxLength={200}
                onInput={(event) => set(at, { words: event.currentTarget.value })}
              />
            </label>
            <Proof
              of={one.words}
              devices={[...provers.gas, ...provers.camera, ...provers.other]}
              chosen={one.source}
              live={live}
              onChosen={(source) => set(at, { source })}
            />
            <button
              type="button"
              class="button"
              onClick={() => onDraft({ own: draft.own.filter((_, index) => index !== at) })}
            >
              {t("measure.remove", { n: at + 1 })}
            </button>
          </div>
        ))}
      </div>
      <button
        type="button"
        class="button"
        onClick={() => onDraft({ own: [...draft.own, { words: "", source: PEOPLE }] })}
      >
        {t("measure.add")}
      </button>
    </>
  );
}

interface ProofProps {
  of: string;
  devices: string[];
  chosen: string;
  live: Live;
  onChosen: (source: string) => void;
}

/** People look, or a device shows it: the guard is not asked for what a device shows. */
function Proof({ of, devices, chosen, live, onChosen }: ProofProps) {
  const names = namesOf(live);
  return (
    <Pick
      label={t("measure.shown_by", { what: of })}
      choices={[
        { id: PEOPLE, words: t("measure.people") },
        ...devices.map((id) => ({ id, words: names.get(id) ?? id })),
      ]}
      chosen={[chosen]}
      none=""
      onChosen={([id = PEOPLE]) => onChosen(id)}
    />
  );
}
