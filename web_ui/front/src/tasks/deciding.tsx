/** Decisions of a safety officer or shift lead: let a rule be, silence an alarm, take either back, play a drill. */
import { useState } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";
import { Pick } from "../tickets/pick.tsx";
import { span } from "../words/times.ts";
import { said, t } from "../words/words.ts";
import {
  drillOf,
  needsSource,
  PLAYED,
  type Plan,
  type Played,
  sourcesOf,
  timesUpTo,
  titleOf,
} from "./decisions.ts";
import { type FillingProps, Line, useFields } from "./filling.tsx";

/** For a while and for a reason; for no time at all it takes back what lasts. */
export function ForAWhile({ permit, step, live, onFields }: FillingProps) {
  const longest_s = step.longest_s ?? 0;
  const takesBack = longest_s === 0;
  const choices = step.about.map((id) => ({ id, words: said(titleOf(id, live, permit)) }));
  const [one, setOne] = useState(choices.length === 1 ? (choices[0]?.id ?? "") : "");
  const [for_s, setFor] = useState(takesBack ? 0 : (timesUpTo(longest_s)[0] ?? 0));
  const [reason, setReason] = useState("");
  const name = step.ask === "shelve" ? "alarm" : "rule";
  const whole = one !== "" && (takesBack || reason.trim() !== "");
  useFields(whole ? { [name]: one, for_s, ...(takesBack ? {} : { reason: reason.trim() }) } : null, onFields);
  return (
    <>
      <p>
        <Icon of="warning" /> {t(takesBack ? "decide.back" : `decide.${name}`)}
      </p>
      <Pick
        label={t(`decide.which_${name}` as const)}
        choices={choices}
        chosen={[one]}
        none=""
        onChosen={([id = ""]) => setOne(id)}
      />
      {!takesBack && (
        <>
          <Times longest_s={longest_s} chosen={for_s} onChosen={setFor} />
          <Line label={t("task.reason")} value={reason} onValue={setReason} />
        </>
      )}
    </>
  );
}

/** Everything that it causes is marked as played; a real alarm ends it. */
export function BeginDrill({ permit, step, live, onFields }: FillingProps) {
  const longest_s = step.longest_s ?? 0;
  const gas = live.gas.filter((one) => permit.gas.includes(one.id));
  const [seed] = useState(() => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);
  const [plan, setPlan] = useState<Plan>({
    ...{ name: "", kinds: [], source: gas.length === 1 ? (gas[0]?.id ?? "") : "" },
    longest_s: timesUpTo(longest_s).at(-1) ?? longest_s,
  });
  const set = (change: Partial<Plan>) => setPlan({ ...plan, ...change });
  const drill = drillOf(plan, gas, seed);
  useFields(drill && { drill }, onFields);
  return (
    <>
      <p>
        <Icon of="drill" /> {t("decide.drill")}
      </p>
      <Pick
        label={t("decide.plays")}
        choices={PLAYED.map((id) => ({ id, words: t(`played.${id}`) }))}
        chosen={plan.kinds}
        several
        none=""
        onChosen={(kinds) => set({ kinds: kinds as Played[] })}
      />
      {plan.kinds.some(needsSource) && (
        <Pick
          label={t("decide.source")}
          choices={sourcesOf(plan, gas).map((one) => ({ id: one.id, words: said(one.name) }))}
          chosen={[plan.source]}
          none={t("gas.none")}
          onChosen={([source = ""]) => set({ source })}
        />
      )}
      <Times
        longest_s={longest_s}
        chosen={plan.longest_s}
        onChosen={(chosen_s) => set({ longest_s: chosen_s })}
      />
      <Line label={t("decide.drill_name")} value={plan.name} onValue={(name) => set({ name })} />
    </>
  );
}

interface TimesProps {
  longest_s: number;
  chosen: number;
  onChosen: (chosen_s: number) => void;
}

function Times({ longest_s, chosen, onChosen }: TimesProps) {
  return (
    <Pick
      label={t("decide.how_long")}
      choices={timesUpTo(longest_s).map((one) => ({ id: String(one), words: span(one) }))}
      chosen={[String(chosen)]}
      none=""
      onChosen={([id]) => onChosen(Number(id))}
    />
  );
}
