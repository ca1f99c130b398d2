/** The wizard: everything that a new box needs, in order, each judged from what is there. */
import "../styles/setup.css";

import { useRef } from "preact/hooks";
import type { SetupStep, Setup as Steps } from "../api/setup.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Icon } from "../parts/icon.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Link } from "../router.tsx";
import { proposal, stepsOf } from "../setup/proposal.ts";
import { next, onward, open, SIGNS } from "../setup/steps.ts";
import { Take } from "../setup/take.tsx";
import { useSetup } from "../setup/use.ts";
import { useStore } from "../store.ts";
import { said, t } from "../words/words.ts";

export function Setup() {
  const { setup, failed } = useSetup();
  const noted = useStore(proposal);
  const all = setup !== null && onward(setup.steps, new Set(stepsOf(noted).keys())) === undefined;
  const title = useRef<HTMLHeadingElement>(null);
  return (
    <div class="flow setup">
      <Take all={all} onNone={() => title.current?.focus()} />
      <section class="card">
        <h1 ref={title} tabIndex={-1}>
          {t("setup.title")}
        </h1>
        <p>{t("setup.about")}</p>
        {failed !== null && <FaultCard thrown={failed} />}
        {!setup && failed === null && <Waiting what={t("setup.looking")} />}
        {setup && <All setup={setup} />}
        <Link to="/labels" class="button">
          {t("labels.title")}
        </Link>
      </section>
    </div>
  );
}

function All({ setup }: { setup: Steps }) {
  const noted = stepsOf(useStore(proposal));
  const left = open(setup.steps);
  const first = next(setup.steps, new Set(noted.keys()));
  return (
    <>
      <p role="status">
        <b>{left.length === 0 ? t("setup.whole") : t("setup.left", { count: left.length })}</b>
      </p>
      <ol class="setup-steps">
        {setup.steps.map((one) => (
          <One key={one.id} step={one} noted={noted.get(one.id) ?? []} first={one.id === first?.id} />
        ))}
      </ol>
    </>
  );
}

const MORE = new Set(["camera", "detector", "relay", "wearable"]); // of which a site has several

function One({ step, noted, first }: { step: SetupStep; noted: string[]; first: boolean }) {
  const more = noted.length > 0 && MORE.has(step.id); // the page of one more is the page of the first
  return (
    <li data-standing={step.standing} data-step={step.id}>
      <Icon of={SIGNS[step.standing]} />
      <div>
        <h2>{t(`setup.${step.id}`)}</h2>
        <p>{said(step.says)}</p>
        {noted.length > 0 && (
          <p class="in-wait">
            <b>{t("setup.waits", { what: noted.join(t("phone.comma")) })}</b>
          </p>
        )}
        {step.standing !== "done" && <p class="hint">{t(`setup.${step.id}_what`)}</p>}
        {step.to !== "" && !more && (
          <Link to={step.to} class={first ? "button main" : "button quiet"}>
            {t(first ? "setup.next" : step.standing === "done" ? "setup.see" : "setup.do", {
              what: t(`setup.${step.id}`),
            })}
          </Link>
        )}
        {step.id === "people" && (
          <Link to="/setup/people" class="button quiet">
            {t("sheet.open")}
          </Link>
        )}
        {(more || step.standing !== "open") && MORE.has(step.id) && (
          <Link to={`/setup/${step.id}`} class="button quiet">
            {t("setup.one_more", { what: t(`setup.${step.id}`) })}
          </Link>
        )}
      </div>
    </li>
  );
}
