/** One look at a device, and to which input it belongs: to another one it says nothing. */
import { useState } from "preact/hooks";
import { type Kind, type Try, tried } from "../api/setup.ts";

interface Looked {
  of: string;
  told: Try | null;
  failed: unknown;
}

export function useLook(of: string) {
  const [look, setLook] = useState<Looked | null>(null);
  const [busy, setBusy] = useState<Kind | null>(null);
  const run = async (kind: Kind, form: Record<string, unknown>) => {
    setBusy(kind);
    try {
      setLook({ of, told: await tried(kind, form), failed: null });
    } catch (thrown) {
      setLook({ of, told: null, failed: thrown });
    } finally {
      setBusy(null);
    }
  };
  const mine = look?.of === of && busy === null ? look : null;
  return { told: mine?.told ?? null, failed: mine?.failed ?? null, busy, run };
}
