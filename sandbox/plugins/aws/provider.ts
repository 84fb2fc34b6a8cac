/** The recorder: inputs are checked, names are made, what AWS would decide is unknown, and nothing is ever changed. */
import { createHash } from "node:crypto";
import type { Failure, Provider, Subject } from "../shared/provider";
import { isObject, unknown, type Value, type Values } from "../shared/values";
import type { Autoname, Kind } from "./kind";
import { kinds } from "./kinds";
import { lookups } from "./lookups";
import { account } from "./recorded";

/** Says what AWS would refuse of a resource's inputs. */
export type Check = (type: string, inputs: Values) => Failure[];

/** @param environment Says the region where the stack's configuration does not, as for the official provider. */
export function awsRecorder(environment: Readonly<Record<string, string | undefined>>, check: Check): Provider {
  let region = "";
  let defaultTags: Values = {};
  return {
    name: "aws",
    version: "7.48.0",
    announcement:
      "Sandbox: a recorder plans what is on AWS, without credentials. AWS is not asked: look-ups get recorded answers " +
      `(account ${account}), and inputs are checked against AWS's models.`,
    configure(configuration) {
      const configured = configuration["region"] ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"];
      if (typeof configured !== "string" || configured === "")
        throw new Error("no AWS region: set it with `pulumi config set aws:region REGION`, or AWS_REGION");
      region = configured;
      defaultTags = tagsIn(configuration["defaultTags"]);
    },
    check(subject, news, olds) {
      const { autoname } = kindOf(subject);
      const inputs = autoname === undefined ? news : withName(subject, autoname, news, olds);
      const long = autoname === undefined ? [] : tooLong(autoname, inputs);
      // Of some names AWS's own model says the same.
      const more = check(subject.type, inputs).filter(({ property }) => long.every((one) => one.property !== property));
      return { inputs, failures: [...long, ...more] };
    },
    replaces(subject, changed) {
      const { forceNew } = kindOf(subject);
      return changed.filter((property) => property === "region" || forceNew.includes(property));
    },
    create(subject, inputs, preview) {
      if (!preview) throw refusal(subject, "create");
      return { id: "", outputs: planned(kindOf(subject), inputs, {}, defaultTags) };
    },
    update(subject, _id, inputs, olds, preview) {
      if (!preview) throw refusal(subject, "update");
      return planned(kindOf(subject), inputs, olds, defaultTags);
    },
    guard(subject, operation) {
      throw refusal(subject, operation);
    },
    invoke(token, args) {
      if (token === "aws:index/getDefaultTags:getDefaultTags") return { id: "", tags: defaultTags };
      const lookup = lookups[token];
      if (lookup === undefined)
        throw new Error(`the sandbox's AWS recorder has no answer for ${token}; it has ${shortNames(lookups)}`);
      const asked = typeof args["region"] === "string" ? args["region"] : region;
      return { ...args, ...lookup(args, asked) };
    },
  };
}

function kindOf({ type }: Subject): Kind {
  const kind = kinds[type];
  if (kind !== undefined) return kind;
  throw new Error(`the sandbox's AWS recorder cannot plan ${type}; it can plan ${shortNames(kinds)}`);
}

function shortNames(table: Readonly<Record<string, unknown>>): string {
  return Object.keys(table)
    .map((token) => token.split(":").at(-1) ?? token)
    .join(", ");
}

function refusal({ type, name }: Subject, operation: string): Error {
  return new Error(
    `cannot ${operation} ${name} (${type}): the sandbox's AWS recorder only plans. ` +
      "A real update needs credentials, and the official AWS provider: run `pulumi` without the sandbox's folder on the PATH.",
  );
}

/** Fills in the name as the official provider does: `<name>-<7 hex digits>`, kept from then on. */
function withName(subject: Subject, autoname: Autoname, news: Values, olds: Values): Values {
  const { property, lowerCase } = autoname;
  if (news[property] !== undefined || news[`${property}Prefix`] !== undefined) return news;
  const stem = `${lowerCase === true ? subject.name.toLowerCase() : subject.name}-`;
  const old = olds[property];
  const keeps = typeof old === "string" && old.startsWith(stem) && /^[0-9a-f]{7}$/.test(old.slice(stem.length));
  return { ...news, [property]: keeps ? old : stem + suffix(subject.urn) };
}

/** Random in the official provider; made from the URN here, so that two plans of one program can be compared. */
function suffix(urn: string): string {
  return createHash("sha256").update(urn).digest("hex").slice(0, 7);
}

function tooLong({ property, maxLength }: Autoname, inputs: Values): Failure[] {
  const value = inputs[property];
  if (typeof value !== "string" || value === unknown || value.length <= maxLength) return [];
  return [{ property, reason: `"${value}" has ${value.length} characters; AWS takes at most ${maxLength}` }];
}

/** The tags that the provider gives to everything: `{"tags": {…}}`, which the engine hands over as a text. */
function tagsIn(configured: Value | undefined): Values {
  const value: unknown = typeof configured === "string" ? JSON.parse(configured) : configured;
  const tags = isObject(value) ? value["tags"] : undefined;
  return isObject(tags) ? tags : {};
}

/** The outputs as far as a plan knows them: the inputs, all tags, and of what AWS decides that which stays as it was. */
function planned(kind: Kind, inputs: Values, olds: Values, defaultTags: Values): Values {
  const moves = new Set(kind.moves);
  const tags = inputs["tags"] ?? {};
  return kind.computed.reduce((outputs, path) => {
    if (path === "tagsAll" && isObject(tags)) return { ...outputs, tagsAll: { ...defaultTags, ...tags } };
    const old = moves.has(path) ? undefined : valueAt(olds, path);
    return withValueAt(outputs, path, old ?? unknown);
  }, inputs);
}

function valueAt(values: Values, path: string): Value | undefined {
  const [key = "", ...rest] = path.split(".");
  const value = values[key];
  if (rest.length === 0) return value;
  return isObject(value) ? valueAt(value, rest.join(".")) : undefined;
}

/** Leaves what is not an object, an unknown one for example, as it is. */
function withValueAt(values: Values, path: string, value: Value): Values {
  const [key = "", ...rest] = path.split(".");
  if (rest.length === 0) return { ...values, [key]: value };
  const inner = values[key];
  return isObject(inner) ? { ...values, [key]: withValueAt(inner, rest.join("."), value) } : values;
}
