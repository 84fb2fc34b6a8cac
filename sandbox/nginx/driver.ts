/** Ties the parts together: when something changed, work out the configuration, and make NGINX take it over. */
import { chooseFiles } from "./choose";
import { buildModel, type Model, type Warning } from "./model";
import type { Nginx } from "./nginx";
import type { Ingress, Objects } from "./objects";
import { hostFile, renderFiles, type Files, type RenderOptions } from "./render";
import type { Publisher } from "./status";
import * as store from "./store";

/** Changes come in bursts: one update of an EndpointSlice, a Service and an Ingress is one reload. */
const debounceMs = 10;
/** After a failure, and between two looks at whether NGINX serves what it should. */
const retryMs = 5_000;
const lookMs = 1_000;

export interface DriverOptions extends RenderOptions {
  className: string;
}

export interface DriverParts {
  nginx: Pick<Nginx, "test" | "running" | "reload" | "serves">;
  publisher: Pick<Publisher, "publishAddress" | "publishWarnings">;
  /** The objects in the cluster; undefined until they are known. */
  objects: () => Objects | undefined;
  log: (line: string) => void;
}

/**
 * Writes a configuration without hosts, so that NGINX can be started. What is there from before stays, unless it was
 * made for other addresses: NGINX would then drop the sockets that it is handed.
 */
export async function writeInitialConfig(options: RenderOptions): Promise<void> {
  await store.prepare(options.state);
  const files = renderFiles([], options);
  const current = await store.readCurrent(options.state);
  if (current?.files.get("nginx.conf") === files.get("nginx.conf")) return;
  const number = (current?.number ?? 0) + 1;
  await store.writeConfiguration(options.state, String(number), { number, files });
  await store.activate(options.state, number);
}

export class Driver {
  readonly #options: DriverOptions;
  readonly #parts: DriverParts;
  #current: store.Generation;
  /** Numbers are never used twice, so that an answer stands for one configuration. */
  #number: number;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();
  #publishing: Promise<void> = Promise.resolve();

  private constructor(options: DriverOptions, parts: DriverParts, current: store.Generation) {
    this.#options = options;
    this.#parts = parts;
    this.#current = current;
    this.#number = current.number;
  }

  static async create(options: DriverOptions, parts: DriverParts): Promise<Driver> {
    const current = await store.readCurrent(options.state);
    if (current === undefined) throw new Error(`there is no configuration in ${options.state}: run init first`);
    const driver = new Driver(options, parts, current);
    driver.#lookIn(lookMs);
    return driver;
  }

  /** Says that an object may have changed. */
  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#enqueue(() => this.#reconcile());
    }, debounceMs);
  }

  /** Resolves when all that is known to have changed has been dealt with. */
  async settled(): Promise<void> {
    if (this.#timer !== undefined) this.#enqueue(() => this.#reconcile());
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#work;
    await this.#publishing;
  }

  #enqueue(step: () => Promise<void>): void {
    this.#work = this.#work.then(step).catch((error: unknown) => {
      this.#parts.log(`failed, trying again in ${retryMs / 1000} s: ${messageOf(error)}`);
      this.#retry();
    });
  }

  #retry(): void {
    setTimeout(() => {
      this.changed();
    }, retryMs).unref();
  }

  async #reconcile(): Promise<void> {
    const objects = this.#parts.objects();
    if (objects === undefined) return;
    const model = buildModel(objects, this.#options.className);
    const refused = await this.#serve(model);
    const served = new Set(
      model.hosts.filter(({ name }) => !refused.has(hostFile(name))).map(({ owner }) => owner.uid),
    );
    this.#publish(
      objects.ingresses.filter(({ metadata }) => served.has(metadata?.uid ?? "")),
      [...model.warnings, ...warningsFor(model.hosts, refused)],
    );
  }

  /** Brings NGINX to what the model says; returns the files that it refuses, with its words. */
  async #serve(model: Model): Promise<ReadonlyMap<string, string>> {
    const { state } = this.#options;
    const wanted = withKept(renderFiles(model.hosts, this.#options), model.kept, this.#current.files);
    if (same(wanted, this.#current.files)) return new Map();
    const certificates = model.hosts.flatMap(({ tls }) => (tls !== false && tls.certificate) || []);
    await store.writeCertificates(state, certificates);
    const { files, refused } = await chooseFiles(wanted, this.#current.files, async (candidate) => {
      const generation = { number: this.#number, files: candidate };
      return this.#parts.nginx.test(await store.writeConfiguration(state, "candidate", generation));
    });
    const general = refused.get("nginx.conf");
    if (general !== undefined) this.#parts.log(`warning: nginx.conf stays as it was before: NGINX says ${general}`);
    if (!same(files, this.#current.files)) await this.#takeOver(files);
    return refused;
  }

  async #takeOver(files: Files): Promise<void> {
    const { state } = this.#options;
    const before = this.#current;
    const next = { number: ++this.#number, files };
    await store.writeConfiguration(state, String(next.number), next);
    await store.activate(state, next.number);
    this.#current = next;
    if (!this.#parts.nginx.running) {
      this.#parts.log(`wrote generation ${next.number}; NGINX does not run yet`);
    } else {
      try {
        await this.#reload(next.number);
      } catch (error) {
        await store.activate(state, before.number);
        this.#current = before;
        await this.#reload(before.number);
        throw error;
      }
    }
    await store.prune(state, [before, this.#current]);
  }

  async #reload(generation: number): Promise<void> {
    const start = performance.now();
    await this.#parts.nginx.reload(generation);
    this.#parts.log(`reloaded generation ${generation} in ${Math.round(performance.now() - start)} ms`);
  }

  /**
   * NGINX may have been started while a new generation was written, and then runs with the one before; and a driver
   * that ends in the middle of a reload leaves its NGINX without workers.
   */
  #lookIn(delayMs: number): void {
    const { nginx } = this.#parts;
    const lags = async () => nginx.running && !(await nginx.serves(this.#current.number));
    const look = async () => {
      // Asked once more when it is its turn: what looked like a lag may have been a reload.
      if (await lags())
        this.#enqueue(async () => {
          if (await lags()) await this.#reload(this.#current.number);
        });
      await this.#work;
      this.#lookIn(lookMs);
    };
    setTimeout(() => void look(), delayMs).unref();
  }

  /** Beside the next reload, which must not wait for it. */
  #publish(served: readonly Ingress[], warnings: readonly Warning[]): void {
    const { publisher, log } = this.#parts;
    this.#publishing = this.#publishing
      .then(async () => {
        await publisher.publishWarnings(warnings);
        await publisher.publishAddress(served);
      })
      .catch((error: unknown) => {
        log(`could not publish, trying again in ${retryMs / 1000} s: ${messageOf(error)}`);
        this.#retry();
      });
  }
}

/** Tells the owners of hosts that NGINX refuses. */
function warningsFor(hosts: Model["hosts"], refused: ReadonlyMap<string, string>): Warning[] {
  return hosts.flatMap(({ name, owner }) => {
    const reason = refused.get(hostFile(name));
    if (reason === undefined) return [];
    return [{ owner, reason: "Rejected", message: `${name} stays as it was before: NGINX says ${reason}` }];
  });
}

/** Adds what is served now for the hosts of Ingresses that cannot be served as they are. */
export function withKept(files: Map<string, string>, kept: Model["kept"], current: Files): Files {
  for (const { name, owner } of kept) {
    const text = current.get(hostFile(name));
    if (text?.startsWith(`# ${owner.namespace}/${owner.name}\n`)) files.set(hostFile(name), text);
  }
  return files;
}

function same(a: Files, b: Files): boolean {
  return a.size === b.size && [...a].every(([path, text]) => b.get(path) === text);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
