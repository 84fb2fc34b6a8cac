/** The resources that a program registers, with what connects them. */

/** One resource as it was registered; what refers to another resource is that one's URN. */
export interface Node {
  urn: string;
  type: string;
  name: string;
  /** False for a component. */
  custom: boolean;
  inputs: unknown;
  /** What a component registers as its outputs. */
  outputs: unknown;
  /** Empty at the top. */
  parent: string;
  /** What was given as `dependsOn`, with components as their children, and what the inputs come from. */
  dependencies: readonly string[];
  /** Empty for the default provider. */
  provider: string;
  protect: boolean;
  retainOnDelete: boolean;
  deleteBeforeReplace: boolean;
  replaceOnChanges: readonly string[];
  ignoreChanges: readonly string[];
  /** How long the provider may take; empty where that is its own default. */
  customTimeouts: { create: string; update: string; delete: string };
  /** What the resource was called before: a URN or what differs from today's. */
  aliases: readonly unknown[];
}

export class Graph {
  private readonly byUrn: ReadonlyMap<string, Node>;

  constructor(readonly nodes: readonly Node[]) {
    this.byUrn = new Map(nodes.map((node) => [node.urn, node]));
  }

  /** The resource with this type (or the end of it, such as `Deployment`) and name. */
  one(type: string, name: string): Node {
    const [found, another] = this.all(type).filter((node) => node.name === name);
    if (found === undefined || another !== undefined) throw new Error(`not one ${type} ${name} in\n${this.toString()}`);
    return found;
  }

  all(type: string): Node[] {
    return this.nodes.filter((node) => node.type === type || node.type.endsWith(`:${type}`));
  }

  /** What was registered below a component, itself not included. */
  below(component: Node): Node[] {
    const children = this.nodes.filter(({ parent }) => parent === component.urn);
    return children.flatMap((child) => [child, ...this.below(child)]);
  }

  /** Whether `later` comes only when `earlier` is done: by a dependency of its own, or of what it is below. */
  waitsFor(later: Node, earlier: Node): boolean {
    const seen = new Set<string>();
    const pending = [later.urn];
    for (let urn = pending.pop(); urn !== undefined; urn = pending.pop()) {
      if (urn === earlier.urn) return true;
      if (seen.has(urn)) continue;
      seen.add(urn);
      const node = this.byUrn.get(urn);
      if (node) pending.push(...node.dependencies, node.parent);
    }
    return false;
  }

  /** One line a resource: `Kind name`, below its parent, in the order of the alphabet. */
  toString(): string {
    const lines = (parent: string, indent: string): string[] =>
      this.nodes
        .filter((node) => node.parent === parent)
        .sort((a, b) => (label(a) < label(b) ? -1 : 1))
        .flatMap((node) => [indent + label(node), ...lines(node.urn, `${indent}  `)]);
    return lines("", "").join("\n");
  }
}

/** What an update from one graph to another would do; each changed resource with the paths of its changed inputs. */
export interface Difference {
  added: string[];
  removed: string[];
  changed: Record<string, string[]>;
}

/** Looks at inputs alone: a dependency that changes moves the order of an update, and touches no resource. */
export function difference(before: Graph, after: Graph): Difference {
  const olds = new Map(before.nodes.map((node) => [node.urn, node]));
  const news = new Map(after.nodes.map((node) => [node.urn, node]));
  const changed = after.nodes.flatMap((node) => {
    const paths = changedPaths(olds.get(node.urn)?.inputs, node.inputs);
    return olds.has(node.urn) && paths.length > 0 ? [[label(node), paths] as const] : [];
  });
  return {
    added: after.nodes.filter(({ urn }) => !olds.has(urn)).map(label),
    removed: before.nodes.filter(({ urn }) => !news.has(urn)).map(label),
    changed: Object.fromEntries(changed),
  };
}

function label({ type, name }: Node): string {
  return `${type.split(":").at(-1) ?? type} ${name}`;
}

/** Paths in the form `spec.rules.0.host`. */
function changedPaths(before: unknown, after: unknown, path: readonly string[] = []): string[] {
  if (!isTree(before) || !isTree(after)) return before === after ? [] : [path.join(".")];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => changedPaths(before[key], after[key], [...path, key]));
}

/** The part of a value at a path such as `spec.rules.0.host`; undefined where there is none. */
export function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((part, key) => (isTree(part) ? part[key] : undefined), value);
}

export function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
