/** What a table would enter, before anybody signs: each flaw of it, or each person; then how far it has come. */
import { useState } from "preact/hooks";
import { ask } from "../api/ask.ts";
import { learnPeople } from "../api/people.ts";
import type { Proof } from "../api/session.ts";
import { Icon } from "../parts/icon.tsx";
import { tell } from "../parts/told.tsx";
import { go } from "../router.tsx";
import { Sign } from "../tickets/sign.tsx";
import { t, term } from "../words/words.ts";
import type { Entry, Flaw } from "./sheet.ts";

export function Flaws({ all }: { all: Flaw[] }) {
  if (all.length === 0) return null;
  return (
    <div role="alert">
      <p>
        <Icon of="warning" /> <b>{t("sheet.wrong", { count: all.length })}</b>
      </p>
      <ul class="flaws">
        {all.map((one) => (
          <li key={`${one.line} ${one.column} ${one.words}`}>
            <b>{t("sheet.line", { line: one.line })}</b>
            {one.column && <> · {one.column}</>}
            {t("phone.colon")}
            {one.words}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface PreviewProps {
  entries: Entry[];
  done: ReadonlySet<string>;
  onTaken: (done: ReadonlySet<string>) => void;
  onPart: () => void; // some were entered, and one was not
}

export function Preview({ entries, done, onTaken, onPart }: PreviewProps) {
  const [at, setAt] = useState<Entry | null>(null); // on its way to the box, or refused there
  const left = entries.filter((one) => one.form !== null && !done.has(one.key));
  const send = async (_: unknown, proof: Proof) => {
    const taken = new Set(done);
    for (const one of left) {
      if (!one.form) continue;
      setAt(one);
      try {
        await ask({ ...one.form, ...proof });
      } catch (thrown) {
        onPart();
        throw thrown;
      }
      taken.add(one.key);
      onTaken(new Set(taken));
    }
  };
  return (
    <>
      <p role="status">
        <b>
          {t("sheet.preview", {
            fresh: entries.filter((one) => one.isNew).length,
            other: entries.filter((one) => !one.isNew && one.form).length,
            same: entries.filter((one) => !one.form).length,
          })}
        </b>
      </p>
      <ul class="roster previewed">
        {entries.map((one) => (
          <Shown key={one.line} entry={one} done={done.has(one.key)} refused={one.key === at?.key} />
        ))}
      </ul>
      <p class="hint">{t(done.size === 0 ? "sheet.nothing_yet" : "sheet.rest")}</p>
      {at && !done.has(at.key) && (
        <p>
          {t("sheet.at", { line: at.line, name: at.filled.name, done: done.size, count: entries.length })}
        </p>
      )}
      <Sign
        words={t("sheet.enter", { count: left.length })}
        form={left[0]?.form ?? null}
        send={send}
        onDone={() => {
          void learnPeople();
          tell(() => t("sheet.entered", { count: left.length }));
          go("/people");
        }}
      />
    </>
  );
}

function Shown({ entry, done, refused }: { entry: Entry; done: boolean; refused: boolean }) {
  const { filled, isNew, form, line } = entry;
  const secrets = [filled.pin && "PIN", filled.badge && t("sheet.badge")].filter(Boolean).join(" + ");
  const facts = [
    filled.roles.map((role) => term("role", role)).join(" · "),
    secrets && t("sheet.secret", { what: secrets }),
    filled.tag,
    ...filled.licences.map((one) => `${one.number} → ${one.until}`),
    filled.trained_until && t("sheet.trained_to", { day: filled.trained_until }),
  ];
  return (
    <li data-line={line} data-done={done}>
      <p>
        <b>{filled.name}</b> <small>{filled.id}</small>
        <span>{facts.filter(Boolean).join(t("phone.semicolon"))}</span>
      </p>
      <span>
        {done ? (
          <>
            <Icon of="may_work" /> {t("sheet.is_done")}
          </>
        ) : refused ? (
          <>
            <Icon of="warning" /> {t("sheet.is_refused")}
          </>
        ) : (
          t(isNew ? "sheet.is_new" : form ? "sheet.is_other" : "sheet.is_same")
        )}
      </span>
    </li>
  );
}
