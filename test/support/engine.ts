/** The program on the real engine: a stack of a test's own, in a copy of the project that it may write to. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { LocalWorkspace, PulumiCommand, type EngineEvent, type OpType, type Stack } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
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
    private readonly stack: Stack,
    /** The copy of the project. */
    readonly directory: string,
    /** The environment in which `pulumi`, run there, works on this stack. */
    readonly environment: Record<string, string>,
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
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: name, workDir: directory },
      { pulumiCommand: await PulumiCommand.get({ root: layout.directory }), envVars: environment },
    );
    return new TestStack(stack, directory, environment);
  }

  /** Changes one key of the configuration, by its path: `services.facefusion.route`. */
  async set(keyPath: string, value: string): Promise<void> {
    await this.stack.setConfig(keyPath, { value }, true);
  }

  /** Takes a key away again. */
  async unset(keyPath: string): Promise<void> {
    await this.stack.removeConfig(keyPath, true);
  }

  preview(): Promise<Outcome> {
    return observed((options) => this.stack.preview(options));
  }

  up(): Promise<Outcome> {
    return observed((options) => this.stack.up(options));
  }

  async destroy(): Promise<void> {
    await this.stack.destroy();
  }
}

/** The configuration of stack `local`, for the test cluster: a namespace and a host of its own, quick to start and stop. */
export function onTestCluster(
  namespace: string,
  {
    route = "ingress",
    ...service
  }: { route?: "ingress" | "service"; startupTimeoutSeconds?: number; tls?: object; verification?: object } = {},
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

async function observed(
  operate: (options: { onOutput: (text: string) => void; onEvent: (event: EngineEvent) => void }) => Promise<unknown>,
): Promise<Outcome> {
  const changes: Record<string, OpType> = {};
  const inputs: Record<string, unknown> = {};
  let output = "";
  const options = {
    color: "never" as const,
    onOutput: (text: string) => (output += text),
    onEvent: ({ resourcePreEvent }: EngineEvent) => {
      if (resourcePreEvent === undefined) return;
      const { op, urn, new: planned } = resourcePreEvent.metadata;
      if (["same", "read", "refresh"].includes(op)) return;
      const name = urn.split("::").at(-1) ?? urn;
      changes[name] = op;
      inputs[name] = planned?.inputs;
    },
  };
  try {
    await operate(options);
  } catch (error) {
    throw new OperationFailed(output, { cause: error });
  }
  return { changes, inputs, output };
}
