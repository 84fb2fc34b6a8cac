/** The program on the real engine: a stack of a test's own, in a copy of the project that it may write to. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { EngineEvent, OpType } from "@pulumi/pulumi/automation";
import { execa } from "execa";
import { parse, parseDocument, stringify, type Document } from "yaml";
import { nameOf } from "../../release/operations/engine";
import { engineEnvironment, fileBackend, projectCopy } from "../../sandbox/engine";
import { at, layouts, root } from "../../sandbox/layout";
import { approvalImage } from "../images/approval";

export const layout = layouts.test;

type Config = Record<string, unknown>;

/** What an update did, or a preview would do. */
export interface Outcome {
  /** By the resource's name (`facefusion-route-ingress`), the resources that do not stay as they are. */
  changes: Record<string, OpType>;
  /** By the same names, what the program gave those resources. */
  inputs: Record<string, unknown>;
  /** Everything that a person would see. */
  output: string;
}

export class TestStack {
  private constructor(
    /** The copy of the project. */
    readonly directory: string,
    /** The environment in which `pulumi`, run there, works on this stack. */
    readonly environment: Record<string, string>,
    private readonly name: string,
  ) {}

  /**
   * Opens a stack with the configuration of the project's own `Pulumi.<name>.yaml`, changed.
   *
   * @param project Name of the copy, so that tests do not meet; an earlier copy, with its state, is removed.
   * @param more Environment of the engine, besides what it needs.
   */
  static async open(
    project: string,
    name: "dev" | "prod" | "local",
    change: (config: Config) => Config = (c) => c,
    more: Record<string, string> = {},
  ) {
    const file = `Pulumi.${name}.yaml`;
    const directory = projectCopy(at(layout, "projects", project), [file]);
    const own = parse(readFileSync(path.join(root, file), "utf8")) as { config: Config };
    writeFileSync(path.join(directory, file), stringify({ ...own, config: change(own.config) }));
    mkdirSync(path.join(directory, "state"));
    const environment = {
      ...engineEnvironment(layout),
      PULUMI_BACKEND_URL: fileBackend(path.join(directory, "state")),
      ...more,
    };
    const stack = new TestStack(directory, environment, name);
    await stack.pulumi(["stack", "init", name]);
    return stack;
  }

  /** Changes one key of the configuration, by its path: `services.facefusion.route`. The value is read as YAML. */
  set(keyPath: string, value: string): void {
    this.edit(keyPath, (document, keys) => {
      document.setIn(keys, parse(value));
    });
  }

  /** Takes a key away again. */
  unset(keyPath: string): void {
    this.edit(keyPath, (document, keys) => document.deleteIn(keys));
  }

  preview(): Promise<Outcome> {
    return this.observed(["preview"]);
  }

  up(): Promise<Outcome> {
    return this.observed(["up", "--yes", "--skip-preview"]);
  }

  async destroy(): Promise<void> {
    await this.pulumi(["destroy", "--yes", "--skip-preview"]);
  }

  /** The engine's own command, as a person types it. */
  pulumi(args: readonly string[], env: Record<string, string> = {}, { reject = true, timeout = 0 } = {}) {
    const environment = { ...this.environment, PULUMI_STACK: this.name, ...env };
    const options = { cwd: this.directory, env: environment, all: true, reject, timeout } as const;
    return execa(at(layout, "bin", "pulumi"), [...args, "--non-interactive"], options);
  }

  /** As a person does it in an editor: one start of the engine less than by `pulumi config set`. */
  private edit(keyPath: string, change: (document: Document, keys: string[]) => void): void {
    const file = path.join(this.directory, `Pulumi.${this.name}.yaml`);
    const document = parseDocument(readFileSync(file, "utf8"));
    const [key = "", ...below] = keyPath.split(".");
    change(document, ["config", `facefusion:${key}`, ...below]);
    writeFileSync(file, document.toString());
  }

  private async observed(args: readonly string[]): Promise<Outcome> {
    const log = path.join(this.directory, "events");
    const logged = [...args, "--color=never", `--event-log=${log}`];
    const { all, failed } = await this.pulumi(logged, { PULUMI_DEBUG_COMMANDS: "true" }, { reject: false });
    if (failed) throw new OperationFailed(all);
    return { ...stepsIn(readFileSync(log, "utf8")), output: all };
  }
}

/** The configuration of stack `local`, for the test cluster: a namespace and a host of its own, quick to start and stop. */
export function onTestCluster(
  namespace: string,
  {
    route = "ingress",
    ...service
  }: {
    route?: "ingress" | "service";
    startupTimeoutSeconds?: number;
    schedulingTimeoutSeconds?: number;
    tls?: object;
    verification?: object;
  } = {},
) {
  return (): Config => {
    const release = (version: string, models: string) => ({
      image: `localhost/facefusion:${version}`,
      models,
      env: { TEST_JOB_SECONDS_MAX: "60" },
    });
    return {
      "facefusion:namespace": namespace,
      "facefusion:protect": false,
      "facefusion:ingress": { kind: "adopt", className: "nginx", port: layout.ports.http },
      "facefusion:modelStore": { kind: "hostPath", path: at(layout, "models") },
      "facefusion:services": {
        facefusion: {
          host: `${namespace}.localhost`,
          blue: release("v1.0.0", "v1"),
          green: release("v2.0.0", "v2"),
          route,
          replicas: 2,
          cpu: "50m",
          memory: "1Gi",
          tmpSize: "256Mi",
          cacheSize: "256Mi",
          startupTimeoutSeconds: 60,
          schedulingTimeoutSeconds: 60,
          terminationGracePeriodSeconds: 120,
          drainDelaySeconds: 2,
          requestTimeoutSeconds: 100,
          // Quick; the tests of the verification itself have the real one.
          verification: { image: approvalImage, timeoutSeconds: 60 },
          ...service,
        },
      },
    };
  };
}

/** The error that an operation ends with; undefined where it succeeds. */
export function failureOf(operation: Promise<unknown>): Promise<unknown> {
  return operation.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** An operation that the engine ended with an error; the message is everything that a person would see. */
export class OperationFailed extends Error {}

/** What the engine's events, a line each, tell of resources. */
function stepsIn(events: string): Pick<Outcome, "changes" | "inputs"> {
  const changes: Record<string, OpType> = {};
  const inputs: Record<string, unknown> = {};
  for (const line of events.split("\n").filter((text) => text !== "")) {
    const { resourcePreEvent } = JSON.parse(line) as EngineEvent;
    if (resourcePreEvent === undefined) continue;
    const { op, urn, new: planned } = resourcePreEvent.metadata;
    if (["same", "read", "refresh"].includes(op)) continue;
    const name = nameOf(urn);
    changes[name] = op;
    inputs[name] = planned?.inputs;
  }
  return { changes, inputs };
}
