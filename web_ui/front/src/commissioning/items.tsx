/** What there is to try: how each stands, and the form of the one that is chosen. */
import { useState } from "preact/hooks";
import type { Act, Commissioning, Item } from "../api/commissioning.ts";
import { called } from "../api/people.ts";
import { Icon } from "../parts/icon.tsx";
import { Link } from "../router.tsx";
import { dateAndClock } from "../words/times.ts";
import { said, t } from "../words/words.ts";
import { ActForm } from "./act.tsx";

type Way = "take" | "enter" | "heard" | "skip" | "except";

interface Props {
  now: Commissioning;
  open: boolean;
  alone: boolean; // no other form is on the page
  onDone: () => void;
}

export function Items({ now, open: underWay, alone, onDone }: Props) {
  const open = underWay && alone;
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <section class="card devices">
      <h2>{t("commissioning.items")}</h2>
      <ul class="findings">
        {now.items.map((one) => (
          <li key={one.item.key}>
            <Icon of={sign(one)} />
            <div>
              <b class="part">{said(one.item.name)}</b>
              <p>{standing(one)}</p>
              {one.trial?.excepted && !one.void && (
                <p role="alert">
                  <b>
                    {t("commissioning.excepted", {
                      who: called(one.trial.excepted.by),
                      until: dateAndClock(one.trial.excepted.until_utc),
                      why: one.trial.excepted.reason,
                    })}
                  </b>
                </p>
              )}
              {one.item.limit !== null && (
                <p>
                  {t("commissioning.limit", { limit: `${one.item.limit} ${one.item.unit}` })}{" "}
                  {said(one.source)}
                </p>
              )}
              {one.item.kind === "walk" && (
                <Link to={`/cameras/${encodeURIComponent(one.item.of)}/walk`} class="button">
                  {t("walk.begin")}
                </Link>
              )}
              {open && chosen !== one.item.key && (
                <button type="button" class="button" onClick={() => setChosen(one.item.key)}>
                  {t("commissioning.try")}
                </button>
              )}
              {open && chosen === one.item.key && (
                <Chosen
                  one={one}
                  onDone={() => {
                    setChosen(null);
                    onDone();
                  }}
                />
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function sign(one: Item): "may_work" | "gone" | "unknown" {
  if (one.trial === null || one.void || one.trial.outcome === "not_done") return "unknown";
  return one.trial.outcome === "passed" ? "may_work" : "gone";
}

function standing({ trial, void: changed, by_itself }: Item): string {
  if (trial === null) return t(by_itself ? "commissioning.waits" : "commissioning.untried");
  if (changed) return t("commissioning.changed");
  const figure = trial.value === null ? "" : `${trial.value} ${trial.unit}`.trim();
  const how =
    trial.outcome === "not_done"
      ? ""
      : t(trial.measured ? "commissioning.measured" : "commissioning.entered");
  const who = [trial.by, trial.second].filter(Boolean).map(called).join(" + ");
  const parts = [
    `${t(`commissioning.${trial.outcome}`)} ${how}`.trim(),
    figure,
    who,
    dateAndClock(trial.at_utc),
    trial.note,
  ];
  return parts.filter(Boolean).join(" · ");
}

/** What the box has measured to fail is measured again, or let be by a safety officer: nobody enters it away. */
function ways(one: Item): Way[] {
  const { trial } = one;
  if (trial?.measured && trial.outcome === "failed" && !one.void) {
    const again: Way[] = one.item.kind === "bump" || one.item.kind === "survey" ? ["take"] : [];
    return one.item.kind === "siren" ? ["heard", "except"] : [...again, "except"];
  }
  if (one.item.kind === "siren") return ["heard", "skip"];
  if (one.item.kind === "walk") return ["skip"];
  return one.item.kind === "bump" || one.item.kind === "survey" ? ["take", "skip"] : ["enter", "skip"];
}

const WHY: Partial<Record<Way, "commissioning.why_not" | "commissioning.why_let_be">> = {
  skip: "commissioning.why_not",
  except: "commissioning.why_let_be",
};

function Chosen({ one, onDone }: { one: Item; onDone: () => void }) {
  const offered = ways(one);
  const [way, setWay] = useState<Way>(offered[0] ?? "skip");
  const [figures, setFigures] = useState<Record<string, string>>({});
  const [passed, setPassed] = useState<boolean | null>(null);
  const judged = way === "enter" || way === "heard";
  const fields = fieldsOf(one, way);
  const step = stepOf(one, way, fields, figures);
  if (judged && passed !== null) step.passed = passed;
  return (
    <ActForm
      step={step}
      why={t(WHY[way] ?? "commissioning.remark")}
      ready={!judged || passed !== null}
      onDone={onDone}
    >
      <p class="hint">{t(`commissioning.how_${one.item.kind}`)}</p>
      {offered.map((each) => (
        <button
          key={each}
          type="button"
          class="button"
          aria-pressed={way === each}
          onClick={() => setWay(each)}
        >
          {t(`commissioning.${each}`)}
        </button>
      ))}
      {fields.map((name) => (
        <label class="field" key={name}>
          {t(`commissioning.${name}`)}
          <input
            type="text"
            inputMode={name === "wearable" ? "text" : "decimal"}
            value={figures[name] ?? ""}
            onInput={(event) => setFigures({ ...figures, [name]: event.currentTarget.value })}
          />
        </label>
      ))}
      {judged &&
        [true, false].map((yes) => (
          <button
            key={String(yes)}
            type="button"
            class="button"
            aria-pressed={passed === yes}
            onClick={() => setPassed(yes)}
          >
            {t(yes ? "commissioning.yes" : "commissioning.no")}
          </button>
        ))}
    </ActForm>
  );
}

function wanted(one: Item): ("value" | "x_m" | "y_m" | "wearable")[] {
  if (one.item.kind === "bump") return ["value"];
  if (one.item.kind === "survey") return ["x_m", "y_m", "wearable"];
  return one.item.limit === null ? [] : ["value"];
}

type Field = "value" | "x_m" | "y_m" | "wearable" | "days";

function fieldsOf(one: Item, way: Way): readonly Field[] {
  if (way === "except") return ["days"];
  return way === "skip" ? [] : wanted(one);
}

function stepOf(one: Item, way: Way, fields: readonly Field[], figures: Record<string, string>): Act {
  const step: Act = { do: way, of: one.item.key };
  for (const name of fields) {
    const typed = figures[name] ?? "";
    if (typed !== "") step[name] = name === "wearable" ? typed : Number(typed);
  }
  return step;
}
