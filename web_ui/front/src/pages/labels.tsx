/** Labels of places and devices on A4, Chinese and English on each: eight a sheet, or one that is read at a door. */
import "../styles/labels.css";
import { useEffect, useState } from "preact/hooks";
import { codeOf, type Label, type Labels, labelsNow } from "../api/labels.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Pick } from "../tickets/pick.tsx";
import { said, t } from "../words/words.ts";

const KINDS = ["point", "camera", "device"] as const;
const SIZES = { sheet: 8, door: 1 } as const; // labels on one A4
const MOST = 64; // at once: each is a drawing that the box makes

type Size = keyof typeof SIZES;

export function LabelsPage() {
  const [all, setAll] = useState<Labels | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [size, setSize] = useState<Size>("sheet");
  const [off, setOff] = useState<readonly string[]>([]); // not wanted
  useEffect(() => void labelsNow().then(setAll, setFailed), []);
  if (failed !== null) return <FaultCard thrown={failed} />;
  if (!all) return <Waiting what={t("labels.comes")} />;
  const wanted = all.labels.filter((one) => !off.includes(keyOf(one)));
  const shown = wanted.slice(0, MOST);
  return (
    <div class="labels">
      <section class="card no-print">
        <h1>{t("labels.title")}</h1>
        <p class="hint">{t("labels.about")}</p>
        <Pick
          label={t("labels.size")}
          choices={(Object.keys(SIZES) as Size[]).map((id) => ({ id, words: t(`labels.${id}`) }))}
          chosen={[size]}
          none=""
          onChosen={([chosen]) => setSize(chosen === "door" ? "door" : "sheet")}
        />
        {KINDS.map((kind) => (
          <Choice
            key={kind}
            kind={kind}
            labels={all.labels.filter((one) => one.kind === kind)}
            off={off}
            onOff={setOff}
          />
        ))}
        {wanted.length > MOST && <p role="alert">{t("labels.more", { most: MOST, all: wanted.length })}</p>}
        <button type="button" class="button main" disabled={shown.length === 0} onClick={() => print()}>
          {t("labels.print", { count: shown.length })}
        </button>
      </section>
      {sheets(shown, SIZES[size]).map((sheet) => (
        <section class="sheet" data-size={size} key={sheet.map(keyOf).join()}>
          {sheet.map((one) => (
            <One key={keyOf(one)} one={one} of={all} />
          ))}
        </section>
      ))}
    </div>
  );
}

const keyOf = (one: Label) => `${one.kind}/${one.id}`;

function sheets(labels: readonly Label[], each: number): Label[][] {
  const found: Label[][] = [];
  for (let at = 0; at < labels.length; at += each) found.push(labels.slice(at, at + each));
  return found;
}

interface ChoiceProps {
  kind: Label["kind"];
  labels: Label[];
  off: readonly string[];
  onOff: (off: string[]) => void;
}

function Choice({ kind, labels, off, onOff }: ChoiceProps) {
  if (labels.length === 0) return null;
  const keys = labels.map(keyOf);
  const others = off.filter((one) => !keys.includes(one));
  const on = keys.filter((one) => !off.includes(one));
  return (
    <>
      <Pick
        label={t(`labels.${kind}`)}
        choices={labels.map((one) => ({ id: keyOf(one), words: said(one.name) }))}
        chosen={on}
        several
        none=""
        onChosen={(chosen) => onOff([...others, ...keys.filter((one) => !chosen.includes(one))])}
      />
      <button
        type="button"
        class="button quiet"
        onClick={() => onOff(on.length > 0 ? [...others, ...keys] : others)}
      >
        {t(on.length > 0 ? "labels.none_of" : "labels.all_of")}
      </button>
    </>
  );
}

/** Both languages whatever the page speaks: who stands before it may read either. */
function One({ one, of }: { one: Label; of: Labels }) {
  return (
    <article class="label" data-kind={one.kind}>
      <img src={codeOf(one)} alt={t("labels.code", { name: said(one.name) })} />
      <div>
        <h2 lang="zh-CN">{one.name.zh}</h2>
        {one.name.en !== one.name.zh && (
          <p class="other" lang="en">
            {one.name.en}
          </p>
        )}
        {one.place.zh !== "" && (
          <p>
            <span lang="zh-CN">{one.place.zh}</span> · <span lang="en">{one.place.en}</span>
          </p>
        )}
        {one.name.zh !== one.id && <p class="id">{one.id}</p>}
        <p class="says">
          <span lang="zh-CN">{one.says.zh}</span> <span lang="en">{one.says.en}</span>
        </p>
        <p class="whose">
          {of.name.zh} · {of.site}/{of.unit}
        </p>
      </div>
    </article>
  );
}
