/** A request to the agent: the form as text, signed by this device's key; and STOP, which needs neither. */
import { said, t, type Words } from "../words/words.ts";
import { call, Fault, picture } from "./client.ts";
import { keyName, sign } from "./key.ts";
import { leave, session } from "./session.ts";
import type { Answer, Form } from "./shapes/asking.ts";

const COUNT = "count";

/** Grows with every form of this device, whatever its clock does: the agent refuses a form that it has seen. */
export function nextCount(last: number, now_ms: number): number {
  return Math.max(now_ms, last + 1);
}

function count(): number {
  const next = nextCount(Number(localStorage.getItem(COUNT) ?? 0), Date.now());
  localStorage.setItem(COUNT, String(next));
  return next;
}

/** Resolves when the agent has accepted, with what it says to that; throws a Fault that says why not. */
export async function ask(form: Form): Promise<Words[]> {
  const body = await signedForm(form);
  const answer = await known(call<Answer>("POST", "/requests", body));
  if (answer.log_in) await leave(() => answer.reasons.map(said).join(" "));
  accepted(answer);
  return answer.reasons;
}

/** What the box says to a form that is sent to an address of its own, yes or no; throws where it says nothing. */
export async function asked<T extends Answer>(path: string, form: Form): Promise<T> {
  const answer = await known(call<T>("POST", path, await signedForm(form)));
  if (answer.log_in) await leave(() => answer.reasons.map(said).join(" "));
  return answer;
}

/** A picture without its mask, once the look is on record; throws a Fault that says why not. */
export async function look(path: string, name: string, form: Omit<Form, "ask">): Promise<Blob> {
  const body = await signedForm({ ...form, ask: "film", about: [name, "look"] });
  const answer = await known(picture<Answer>(path, body));
  if (answer instanceof Blob) return answer;
  throw Fault.refused(answer.reasons);
}

async function signedForm(form: Form): Promise<{ form: string; key: string; signature: string }> {
  const person = session.get()?.who?.id;
  const text = JSON.stringify({ ...form, person, key: keyName(), count: count() });
  const signed = await sign(text);
  if (!person || !signed) {
    throw new Fault("E-NO-KEY", [() => t("fault_page.no_key")], () => t("fault_page.no_key_next"));
  }
  return { form: text, key: signed.kid, signature: signed.signature };
}

export async function stop(permit: string, reason: string): Promise<void> {
  accepted(await call<Answer>("POST", "/stop", { permit, reason }));
}

function accepted(answer: Answer): void {
  if (!answer.accepted) throw Fault.refused(answer.reasons);
}

async function known<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.status === 401) await leave(() => thrown.causes.join(" "));
    throw thrown;
  }
}
