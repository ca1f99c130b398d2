/** Tables to fill in, one in each language. */
import { useEffect, useState } from "preact/hooks";
import type { Bilingual } from "../words/words.ts";
import { templateHeads } from "./columns.ts";
import { file, written } from "./csv.ts";

/** In both languages, for whoever fills it in: Excel opens them as they are. */
export function Templates({ named }: { named: Bilingual }) {
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
