/**
 * People out of a table: chosen or pasted, looked through, and only then entered; each is a form of its own, signed
 * with the same PIN or badge, so that each stands in the records as if it had been filled in by hand.
 *
 * The table is not kept in the browser: there are PINs in it.
 */
import "../styles/tasks.css";
import "../styles/tickets.css";
import "../styles/setup.css";
import { useEffect, useMemo, useState } from "preact/hooks";
import { session } from "../api/session.ts";
import { FaultCard } from "../parts/fault.tsx";
import { FileButton } from "../parts/file.tsx";
import { Icon } from "../parts/icon.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Link } from "../router.tsx";
import { useStore } from "../store.ts";
import { type Key, language, t } from "../words/words.ts";
import { decoded, isWorkbook } from "./csv.ts";
import { type Here, here, namesOf, sheetOf } from "./here.ts";
import { Flaws, Preview } from "./preview.tsx";
import { Templates } from "./templates.tsx";

const LARGEST_BYTES = 1_000_000; // a list of people has a tenth: a film chosen by mistake must not freeze the phone

export function PeopleTable() {
  const admin = useStore(session)?.who?.roles.includes("admin") ?? false;
  const [now, setNow] = useState<Here | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [looks, setLooks] = useState(0); // some were entered: who is known now is asked anew
  useEffect(() => {
    if (looks < 0) return;
    here().then((found) => {
      setNow(found);
      setFailed(null);
    }, setFailed);
  }, [looks]);
  return (
    <div class="flow setup">
      <section class="card sheet">
        <h1>{t("sheet.title")}</h1>
        <p>{t("sheet.about")}</p>
        {!admin && <p role="alert">{t("sheet.admins")}</p>}
        {failed !== null && <FaultCard thrown={failed} again={() => setLooks(looks + 1)} />}
        {!now && failed === null && <Waiting what={t("roster.comes")} />}
        {now && admin && <Table now={now} onPart={() => setLooks(looks + 1)} />}
      </section>
      <Link to="/people" class="button">
        {t("sheet.back")}
      </Link>
    </div>
  );
}

function Table({ now, onPart }: { now: Here; onPart: () => void }) {
  const spoken = useStore(language);
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState<Key | null>(null);
  const [done, setDone] = useState<ReadonlySet<string>>(new Set()); // lines, by what stands on them
  const names = useMemo(() => namesOf(now), [now]);
  const sheet = useMemo(() => sheetOf(text, now, names, spoken), [text, now, names, spoken]);
  const put = (next: string) => {
    setText(next);
    setWrong(null);
  };
  const take = async (chosen: File) => {
    if (chosen.size > LARGEST_BYTES) {
      put("");
      setWrong("sheet.large");
      return;
    }
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    const found = decoded(bytes);
    put(found ?? "");
    if (found === null) setWrong(isWorkbook(bytes) ? "sheet.workbook" : "sheet.letters");
  };
  return (
    <>
      <Templates named={now.named} />
      <FileButton
        words={t("sheet.choose")}
        accept=".csv,.txt,text/csv,text/plain"
        onFile={(file) => void take(file)}
      />
      <details open={text !== "" && sheet.flaws.length > 0}>
        <summary class="button quiet">{t("sheet.paste")}</summary>
        <label class="field">
          {t("sheet.text")}
          <textarea
            rows={8}
            autocomplete="off"
            spellcheck={false}
            value={text}
            onInput={(event) => put(event.currentTarget.value)}
          />
        </label>
      </details>
      {wrong && (
        <p role="alert">
          <Icon of="warning" /> {t(wrong)}
        </p>
      )}
      {text.trim() !== "" && <Flaws all={sheet.flaws} />}
      {sheet.entries.length > 0 && sheet.flaws.length === 0 && (
        <Preview key={text} entries={sheet.entries} done={done} onTaken={setDone} onPart={onPart} />
      )}
    </>
  );
}
