/** The random provider: a value is drawn when the resource is created, and stays until an input changes. */
import type { Provider, Subject } from "../shared/provider";
import { unknown } from "../shared/values";
import { kinds, type Kind } from "./kinds";

export const randomProvider: Provider = {
  name: "random",
  version: "4.21.2",
  announcement: "Sandbox: the official random provider could not be had here; a stand-in draws the values.",
  check(subject, news) {
    const { required } = kindOf(subject);
    const missing = required.filter((key) => news[key] === undefined);
    return { inputs: news, failures: missing.map((property) => ({ property, reason: "is required" })) };
  },
  // A drawn value cannot be changed: `keepers` and all other inputs say when to draw anew.
  replaces: (_subject, changed) => [...changed],
  create(subject, inputs, preview) {
    const kind = kindOf(subject);
    const known = { ...kind.defaults, ...inputs };
    if (preview)
      return { id: "", outputs: { ...known, ...Object.fromEntries(kind.draws.map((key) => [key, unknown])) } };
    const { id, values } = kind.draw(known);
    return { id, outputs: { ...known, ...values } };
  },
};

function kindOf({ type }: Subject): Kind {
  const kind = kinds[type];
  if (kind !== undefined) return kind;
  const known = Object.keys(kinds).map((token) => token.split(":").at(-1) ?? token);
  throw new Error(`the sandbox's stand-in for the random provider has no ${type}; it has ${known.join(", ")}`);
}
