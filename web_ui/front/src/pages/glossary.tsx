/** The terms of this trade in both languages, and what is meant by them here. */
import "../styles/settings.css";
import { useEffect, useState } from "preact/hooks";
import { call } from "../api/client.ts";
import type { Term } from "../api/shapes/settings.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { t } from "../words/words.ts";

export function Glossary() {
  const [terms, setTerms] = useState<Term[] | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [sought, setSought] = useState("");
  useEffect(() => {
    call<{ terms: Term[] }>("GET", "/glossary").then((told) => setTerms(told.terms), setFailed);
  }, []);
  if (failed !== null) return <FaultCard thrown={failed} />;
  if (!terms) return <Waiting what={t("glossary.comes")} />;
  const found = terms.filter((one) => holds(one, sought));
  return (
    <section class="card settings">
      <h1>{t("glossary.title")}</h1>
      <label class="field">
        {t("glossary.find")}
        <input type="text" value={sought} onInput={(event) => setSought(event.currentTarget.value)} />
      </label>
      {found.length === 0 && <p>{t("glossary.none")}</p>}
      <dl class="glossary">
        {found.map((one) => (
          <div key={one.called.en}>
            <dt>
              <span lang="zh-CN">{one.called.zh}</span> · <span lang="en">{one.called.en}</span>
            </dt>
            <dd lang="zh-CN">{one.means.zh}</dd>
            <dd lang="en">{one.means.en}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function holds({ called, means }: Term, sought: string): boolean {
  const words = sought.trim().toLowerCase();
  return [called.zh, called.en, means.zh, means.en].some((one) => one.toLowerCase().includes(words));
}
