/** The wizard: everything that a new box needs, in order, each judged from what is there. */
import "../styles/setup.css";

import type { SetupStep, Setup as Steps } from "../api/setup.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Icon } from "../parts/icon.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Link } from "../router.tsx";
import { next, open, SIGNS } from "../setup/steps.ts";
import { useSetup } from "../setup/use.ts";
import { said, t } from "../words/words.ts";

export function Setup() {
  const { setup, failed } = useSetup();
  return (
    <section class="card setup">
      <h1>{t("setup.title")}</h1>
      <p>{t("setup.about")}</p>
      {failed !== null && <FaultCard thrown={failed} />}
      {!setup && failed === null && <Waiting what={t("setup.looking")} />}
      {setup && <All setup={setup} />}
    </section>
  );
}

function All({ setup }: { setup: Steps }) {
  const left = open(setup.steps);
  const first = next(setup.steps);
  return (
    <>
      <p role="status">
        <b>{left.length === 0 ? t("setup.whole") : t("setup.left", { count: left.length })}</b>
      </p>
      <ol class="setup-steps">
        {setup.steps.map((one) => (
          <One key={one.id} step={one} first={one.id === first?.id} />
        ))}
      </ol>
    </>
  );
}

const MORE = new Set(["camera", "detector", "relay", "wearable"]); // of which a site has several

function One({ step, first }: { step: SetupStep; first: boolean }) {
  return (
    <li data-standing={step.standing} data-step={step.id}>
      <Icon of={SIGNS[step.standing]} />
      <div>
        <h2>{t(`setup.${step.id}`)}</h2>
        <p>{said(step.says)}</p>
        {step.standing !== "done" && <p class="hint">{t(`setup.${step.id}_what`)}</p>}
        {step.to !== "" && (
          <Link to={step.to} class={first ? "button main" : "button quiet"}>
            {t(first ? "setup.next" : step.standing === "done" ? "setup.see" : "setup.do", {
              what: t(`setup.${step.id}`),
            })}
          </Link>
        )}
        {step.standing !== "open" && MORE.has(step.id) && (
          <Link to={`/setup/${step.id}`} class="button quiet">
            {t("setup.one_more", { what: t(`setup.${step.id}`) })}
          </Link>
        )}
      </div>
    </li>
  );
}
