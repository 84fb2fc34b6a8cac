/** Whether a change of the provider's own arguments leads to another cluster: then all that is in it is replaced. */
import { isDeepStrictEqual } from "node:util";
import { hasUnknown, withoutSecrets, type Values } from "../shared/values";
import { identityOf } from "./connection";
import type { Comparison } from "./diff";
import { at, objectAt, without } from "./objects";
import { settingsOf } from "./settings";

/** The arguments that lead to a cluster. */
const leading = ["kubeconfig", "context", "cluster"];

/** The argument by which a program may say itself which cluster it means. */
const identifier = "clusterIdentifier";

export async function compareSettings(olds: Values, news: Values): Promise<Comparison> {
  const before = bare(olds);
  const after = bare(news);
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changed = keys.filter((key) => !isDeepStrictEqual(before[key], after[key]));
  const moved = changed.length > 0 && (await leadsElsewhere(before, after, changed));
  return {
    differences: changed.map((key) => ({
      path: [key],
      kind: before[key] === undefined ? "add" : after[key] === undefined ? "delete" : "update",
      replaces: moved && (key === identifier || leading.includes(key)),
    })),
    deleteBeforeReplace: false,
  };
}

async function leadsElsewhere(before: Values, after: Values, changed: readonly string[]): Promise<boolean> {
  const named = [at(before, identifier), at(after, identifier)];
  if (!named.includes(undefined)) return changed.includes(identifier);
  if (leading.some((key) => hasUnknown(after[key]))) return true;
  const [was, is] = await Promise.all([identityOf(settingsOf(before)), identityOf(settingsOf(after))]);
  return was !== undefined && is !== undefined && was !== is;
}

/** Without the version of the plugin, which is none of the arguments. */
function bare(values: Values): Values {
  return without(objectAt(withoutSecrets(values)), "version");
}
