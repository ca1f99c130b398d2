/** A gas test: every gas and place that the work asks for, on a keypad for gloves. */
import { useState } from "preact/hooks";
import type { TestedGas } from "../api/shapes/permit.ts";
import { formula } from "../parts/gas.tsx";
import { Keypad } from "../parts/keypad.tsx";
import { said, t, term } from "../words/words.ts";
import { type FillingProps, useFields } from "./filling.tsx";
import { type Cell, cellsOf, samplesOf } from "./forms.ts";

const LONGEST = 7; // "1000000"

export function GasTest({ permit, onFields }: FillingProps) {
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const [values, setValues] = useState<Record<string, string>>({});
  const cells = cellsOf(permit, chosen);
  const [at, setAt] = useState(cells[0]?.key ?? "");
  useFields(
    (() => {
      const samples = samplesOf(cells, values, t("retest.at_point"));
      return samples && { samples };
    })(),
    onFields,
  );
  const put = (key: string, value: string) => setValues({ ...values, [key]: value });
  const next = () => {
    const index = cells.findIndex((one) => one.key === at);
    const following = cells[(index + 1) % cells.length];
    if (following) setAt(following.key);
  };
  return (
    <>
      <p>{t("retest.what")}</p>
      {permit.test.gases.map((row) => (
        <Row
          key={row.gas}
          row={row}
          cells={cells.filter((one) => one.key.startsWith(`${row.gas} `))}
          values={values}
          at={at}
          onAt={setAt}
          onValue={put}
          onGas={(gas) => setChosen({ ...chosen, [row.gas]: gas })}
          onNext={next}
        />
      ))}
    </>
  );
}

interface RowProps {
  row: TestedGas;
  cells: Cell[];
  values: Record<string, string>;
  at: string;
  onAt: (key: string) => void;
  onValue: (key: string, value: string) => void;
  onGas: (gas: string) => void;
  onNext: () => void;
}

function Row({ row, cells, values, at, onAt, onValue, onGas, onNext }: RowProps) {
  return (
    <fieldset class="tested">
      <legend>
        {said(row.words)} ({row.unit})
      </legend>
      {row.any_of.length > 1 && (
        <div class="chips">
          {row.any_of.map((gas) => (
            <button
              type="button"
              class="button"
              key={gas}
              aria-pressed={cells[0]?.gas === gas}
              onClick={() => onGas(gas)}
            >
              {formula(gas)}
            </button>
          ))}
        </div>
      )}
      <div class="cells">
        {cells.map((cell) => (
          <label key={cell.key} class="field" data-at={cell.key === at}>
            {cell.place ? term("place", cell.place) : t("retest.at_point")}
            <input
              inputMode="none"
              autocomplete="off"
              maxLength={LONGEST}
              value={values[cell.key] ?? ""}
              onFocus={() => onAt(cell.key)}
              onInput={(event) => onValue(cell.key, event.currentTarget.value.replaceAll(/[^\d.]/g, ""))}
            />
          </label>
        ))}
      </div>
      {cells.some((cell) => cell.key === at) && (
        <>
          <Keypad value={values[at] ?? ""} onValue={(value) => onValue(at, value)} most={LONGEST} decimal />
          <button type="button" class="button" onClick={onNext}>
            {t("retest.next")}
          </button>
        </>
      )}
    </fieldset>
  );
}
