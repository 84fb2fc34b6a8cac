/** The cluster as the rest of this provider sees it: objects read, applied, deleted, by what they call themselves. */
import type { Values } from "../shared/values";
import { apiTypeIn, collectionPath, objectPath, prefixOf, type ApiType } from "./apiTypes";
import { isNotFound, pausesMilliseconds, requestJson, requestText, withRetries, type Call } from "./client";
import type { Connection } from "./connection";
import { listAt, referenceOf, textAt, type Reference } from "./objects";

export interface ApplyOptions {
  /** Who the fields will belong to. */
  manager: string;
  /** Whether fields that belong to others are taken from them. */
  force: boolean;
  dryRun: boolean;
}

/** The API server does not know the kind: its definition has not been created, or is of another version. */
export class UnknownKindError extends Error {
  constructor({ apiVersion, kind }: Pick<Reference, "apiVersion" | "kind">) {
    super(`the API server has no kind ${kind} in ${apiVersion}: a custom resource's definition must be created first`);
  }
}

export class Cluster {
  private readonly discovered = new Map<string, Promise<Values>>();

  /**
   * @param signal Ends everything under way.
   * @param pauses Milliseconds between the tries of a request that failed for a reason that may pass.
   */
  constructor(
    private readonly connection: Connection,
    readonly signal: AbortSignal,
    private readonly pauses: readonly number[] = pausesMilliseconds,
  ) {}

  /** The namespace of objects that name none. */
  get namespace(): string {
    return this.connection.namespace;
  }

  /** Throws at once if the API server cannot be reached. */
  async reach(): Promise<void> {
    await requestJson(this.connection, { path: "/version", signal: this.signal });
  }

  async typeOf({ apiVersion, kind }: Pick<Reference, "apiVersion" | "kind">): Promise<ApiType | undefined> {
    const known = apiTypeIn(await this.kindsOf(apiVersion), apiVersion, kind);
    if (known !== undefined) return known;
    // Its definition may have come since.
    this.discovered.delete(apiVersion);
    return apiTypeIn(await this.kindsOf(apiVersion), apiVersion, kind);
  }

  /** The live object, or undefined if there is none. */
  async get(reference: Reference): Promise<Values | undefined> {
    const path = await this.pathOf(reference);
    return path === undefined ? undefined : this.jsonIfFound({ path });
  }

  /** Objects of a namespace; of all, if the kind has none. */
  async list(
    { apiVersion, kind, namespace }: Omit<Reference, "name">,
    selectors: { labelSelector?: string; fieldSelector?: string } = {},
  ): Promise<Values[]> {
    const type = await this.typeOf({ apiVersion, kind });
    if (type === undefined) return [];
    return listAt(await this.json({ path: collectionPath(type, namespace), query: { ...selectors } }), "items");
  }

  /** Server-side apply: creates the object, or changes of it what differs. Answers with the live object. */
  async apply(object: Values, { manager, force, dryRun }: ApplyOptions): Promise<Values> {
    const reference = referenceOf(object);
    const path = await this.pathOf(reference);
    if (path === undefined) throw new UnknownKindError(reference);
    return this.json({
      method: "PATCH",
      path,
      query: { fieldManager: manager, force: String(force), dryRun: dryRun ? "All" : undefined },
      contentType: "application/apply-patch+yaml",
      body: object,
    });
  }

  /** Starts the deletion; what is gone already is fine. */
  async delete(reference: Reference, propagationPolicy: string): Promise<void> {
    const path = await this.pathOf(reference);
    if (path !== undefined) await this.jsonIfFound({ method: "DELETE", path, body: { propagationPolicy } });
  }

  /** The end of a container's log, or nothing where it has none. */
  async log(pod: Reference, container: string, previous: boolean): Promise<string> {
    const query = { container, tailLines: "20", previous: String(previous) };
    const path = `${objectPath({ prefix: "/api/v1", plural: "pods", namespaced: true }, pod.namespace, pod.name)}/log`;
    // A log explains a failure; that it cannot be had is no further one.
    return requestText(this.connection, { path, query, signal: this.signal }).catch(() => "");
  }

  private async pathOf(reference: Reference): Promise<string | undefined> {
    const type = await this.typeOf(reference);
    return type && objectPath(type, reference.namespace || this.namespace, reference.name);
  }

  private kindsOf(apiVersion: string): Promise<Values> {
    const known = this.discovered.get(apiVersion);
    if (known !== undefined) return known;
    const asked = this.jsonIfFound({ path: prefixOf(apiVersion) }).then((list) => list ?? {});
    this.discovered.set(apiVersion, asked);
    asked.catch(() => this.discovered.delete(apiVersion));
    return asked;
  }

  private json(call: Call): Promise<Values> {
    const { signal, pauses } = this;
    return withRetries(() => requestJson(this.connection, { ...call, signal }), { signal, pauses });
  }

  private async jsonIfFound(call: Call): Promise<Values | undefined> {
    try {
      return await this.json(call);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

/** The manager of fields that the program sets, unless an annotation names another. */
export const defaultManager = "pulumi-kubernetes";

/** The text of a label selector. */
export function selectorText(selector: Values): string {
  const labels = Object.entries(selector["matchLabels"] ?? {}).map(([key, value]) => `${key}=${String(value)}`);
  const expressions = listAt(selector, "matchExpressions").map((expression) => {
    const key = textAt(expression, "key");
    const values = Array.isArray(expression["values"]) ? expression["values"].map(String).join(",") : "";
    switch (textAt(expression, "operator")) {
      case "In":
        return `${key} in (${values})`;
      case "NotIn":
        return `${key} notin (${values})`;
      case "Exists":
        return key;
      default:
        return `!${key}`;
    }
  });
  return [...labels, ...expressions].join(",");
}
