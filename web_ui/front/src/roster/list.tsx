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
import { ask } from "../api/ask.ts";
import { call } from "../api/client.ts";
import { everybody, learnPeople } from "../api/people.ts";
import { type Proof, session } from "../api/session.ts";
import type { Known, Offers, PlanArea } from "../api/types.ts";
import { FaultCard } from "../parts/fault.tsx";
import { FileButton } from "../parts/file.tsx";
import { Icon } from "../parts/icon.tsx";
import { tell } from "../parts/told.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { go, Link } from "../router.tsx";
import { useStore } from "../store.ts";
import { Sign } from "../tickets/sign.tsx";
import { type Bilingual, bilingual, type Key, language, said, t, term } from "../words/words.ts";
import { Called, heads, type Names, templateHeads } from "./columns.ts";
import { decoded, file, isWorkbook, read, written } from "./csv.ts";
import { CAPACITIES, ROLES } from "./edit.tsx";
import { type Entry, type Flaw, people, type Sheet } from "./sheet.ts";

const LARGEST_BYTES = 1_000_000; // a list of people has a tenth: a film chosen by mistake must not freeze the phone

interface Here {
  known: Known[];
  offers: Offers;
  areas: PlanArea[];
  named: Bilingual;
}

async function here(): Promise<Here> {
  const [known, offers, { areas }, named] = await Promise.all([
    everybody(),
    call<Offers>("GET", "/works"),
    call<{ areas: PlanArea[] }>("GET", "/plan"),
    bilingual(),
  ]);
  return { known, offers, areas, named };
}

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
  const [wrong, setWrong] = useState("");
  const [done, setDone] = useState<ReadonlySet<string>>(new Set()); // lines, by what stands on them
  const names = useMemo(() => namesOf(now), [now]);
  const sheet = useMemo(() => sheetOf(text, now, names, spoken), [text, now, names, spoken]);
  const put = (next: string) => {
    setText(next);
    setWrong("");
  };
  const take = async (chosen: File) => {
    if (chosen.size > LARGEST_BYTES) {
      put("");
      setWrong(t("sheet.large"));
      return;
    }
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    const found = decoded(bytes);
    put(found ?? "");
    if (found === null) setWrong(t(isWorkbook(bytes) ? "sheet.workbook" : "sheet.letters"));
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
          <Icon of="warning" /> {wrong}
        </p>
      )}
      {text.trim() !== "" && <Flaws all={sheet.flaws} />}
      {sheet.entries.length > 0 && sheet.flaws.length === 0 && (
        <Preview key={text} entries={sheet.entries} done={done} onTaken={setDone} onPart={onPart} />
      )}
    </>
  );
}

function Flaws({ all }: { all: Flaw[] }) {
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
            {one.column && <> · {one.column}</>}: {one.words}
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

function Preview({ entries, done, onTaken, onPart }: PreviewProps) {
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
        <span>{facts.filter(Boolean).join("; ")}</span>
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

/** In both languages, for whoever fills it in: Excel opens them as they are. */
function Templates({ named }: { named: Bilingual }) {
  const [links, setLinks] = useState<{ zh: string; en: string } | null>(null);
  useEffect(() => {
    const made = { zh: template(named, "zh"), en: template(named, "en") };
    setLinks(made);
    return () => {
      for (const one of Object.values(made)) URL.revokeObjectURL(one);
    };
  }, [named]);
  return (
    <p class="templates">
      {links && (
        <>
          <a class="button quiet" href={links.zh} download="people-zh.csv" lang="zh-CN">
            模板（中文）
          </a>
          <a class="button quiet" href={links.en} download="people-en.csv" lang="en">
            Template (English)
          </a>
        </>
      )}
    </p>
  );
}

function template(named: Bilingual, spoken: "zh" | "en"): string {
  const head = written(templateHeads(named).map((one) => one[spoken]));
  const remarks = (["sheet.remark_1", "sheet.remark_2", "sheet.remark_3"] as const).map((key) =>
    written([`# ${named(key)[spoken]}`]),
  );
  return URL.createObjectURL(new Blob([file([head, ...remarks])], { type: "text/csv" }));
}

function namesOf({ offers, areas, named }: Here): Names {
  const called = (section: string, ids: string[]) =>
    new Called(
      ids.map((id) => [id, named(`${section}.${id}` as Key)] as const),
      said,
    );
  return {
    columns: new Called(heads(named), said),
    roles: called("role", ROLES),
    signs_as: called("role", CAPACITIES),
    areas: new Called(
      areas.map((one) => [one.id, one.name] as const),
      said,
    ),
    language: new Called(
      [
        ["zh", { zh: "中文", en: "Chinese" }],
        ["en", { zh: "英文", en: "English" }],
      ],
      said,
    ),
    covers: new Called(Object.entries(offers.scopes), said),
  };
}

const NONE: Sheet = { entries: [], flaws: [] };

function sheetOf(text: string, now: Here, names: Names, spoken: string): Sheet {
  if (text.trim() === "") return NONE;
  const found = read(text);
  if ("unreadable" in found) {
    return { ...NONE, flaws: [{ line: found.line, column: "", words: t(`sheet.${found.unreadable}`) }] };
  }
  const { known, offers } = now;
  return people(found.rows, { known, names, wearables: offers.wearables, language: spoken });
}
