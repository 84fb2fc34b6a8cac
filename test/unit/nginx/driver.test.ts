import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Driver, withKept, writeInitialConfig, type DriverParts } from "../../../sandbox/nginx/driver";
import type { Warning } from "../../../sandbox/nginx/model";
import type { Objects } from "../../../sandbox/nginx/objects";
import { aCluster, anIngress, options as renderOptions, path } from "./objects";

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "nginx-"));
});
afterEach(() => {
  rmSync(state, { recursive: true });
});

const options = () => ({ ...renderOptions, state, className: "nginx" });
const current = () => readlinkSync(join(state, "current"));
const served = (host: string) => readFileSync(join(state, "current/hosts", `${host}.conf`), "utf8");
const towards = (service: string) => aCluster({ ingresses: [anIngress({ rules: { "face.test": [path(service)] } })] });

/** A driver whose cluster, NGINX and API server are the test's. */
async function aDriver(change: Partial<DriverParts["nginx"]> = {}) {
  await writeInitialConfig(options());
  const seen = { reloads: [] as number[], served: [] as string[], warnings: [] as Warning[], log: [] as string[] };
  let objects: Objects | undefined = aCluster();
  const driver = await Driver.create(options(), {
    nginx: {
      running: true,
      test: () => Promise.resolve(undefined),
      serves: () => Promise.resolve(true),
      reload(generation) {
        seen.reloads.push(generation);
        return Promise.resolve();
      },
      ...change,
    },
    publisher: {
      publishAddress(ingresses) {
        seen.served = ingresses.map(({ metadata }) => metadata?.name ?? "");
        return Promise.resolve();
      },
      publishWarnings(warnings) {
        seen.warnings = [...warnings];
        return Promise.resolve();
      },
    },
    objects: () => objects,
    log: (line) => seen.log.push(line),
  });
  const see = async (next: Objects | undefined) => {
    objects = next;
    driver.changed();
    await driver.settled();
  };
  return { driver, seen, see };
}

describe("the driver", () => {
  it("takes a changed backend over with one reload, and publishes the address", async () => {
    const { seen, see } = await aDriver();
    await see(towards("facefusion-blue"));
    await see(towards("facefusion-green"));
    expect(seen.reloads).toEqual([2, 3]);
    expect(current()).toBe("generations/3");
    expect(served("face.test")).toContain("server 10.244.1.5:7860;");
    expect(seen.served).toEqual(["facefusion-ingress"]);
  });

  it("makes one reload of changes that come together", async () => {
    const { driver, seen, see } = await aDriver();
    driver.changed();
    driver.changed();
    await see(towards("facefusion-green"));
    expect(seen.reloads).toEqual([2]);
  });

  it("does not reload for a change that does not show in the configuration, nor after its own restart", async () => {
    const first = await aDriver();
    await first.see(towards("facefusion-blue"));
    await first.see(towards("facefusion-blue"));
    const second = await aDriver({ test: () => Promise.reject(new Error("there is nothing to test")) });
    await second.see(towards("facefusion-blue"));
    expect([...first.seen.reloads, ...second.seen.reloads]).toEqual([2]);
    expect(second.seen.log).toEqual([]);
  });

  it("leaves NGINX alone until all objects are known", async () => {
    const { seen, see } = await aDriver();
    await see(undefined);
    expect(seen).toMatchObject({ reloads: [], log: [] });
  });

  it("keeps a host that NGINX refuses as it was, tells its Ingress, and takes the others over", async () => {
    const { seen, see } = await aDriver({
      test: (file) => Promise.resolve(hostsIn(file).includes("10.244.1.5") ? "no green" : undefined),
    });
    const other = anIngress({ name: "other", second: 9, rules: { "other.test": [path("facefusion-blue")] } });
    await see(towards("facefusion-blue"));
    const wanted = aCluster({ ingresses: [...towards("facefusion-green").ingresses, other] });
    await see(wanted);
    await see(wanted);
    expect(seen.reloads).toEqual([2, 3]);
    expect(served("face.test")).toContain("server 10.244.0.5:7860;");
    expect(served("other.test")).toContain("server 10.244.0.5:7860;");
    expect(seen.served).toEqual(["other"]);
    expect(seen.warnings.map(({ owner, reason, message }) => [owner.name, reason, message])).toEqual([
      ["facefusion-ingress", "Rejected", "face.test stays as it was before: NGINX says no green"],
    ]);
  });

  it("writes the configuration without a reload while NGINX is away", async () => {
    const { seen, see } = await aDriver({ running: false });
    await see(towards("facefusion-green"));
    expect(seen.reloads).toEqual([]);
    expect(served("face.test")).toContain("10.244.1.5");
  });

  it("goes back to the generation before when the new one does not come up", async () => {
    const reloads: number[] = [];
    const { seen, see } = await aDriver({
      reload(generation) {
        reloads.push(generation);
        return generation === 3 ? Promise.reject(new Error("nobody answers")) : Promise.resolve();
      },
    });
    await see(towards("facefusion-blue"));
    await see(towards("facefusion-green"));
    expect(reloads).toEqual([2, 3, 2]);
    expect(current()).toBe("generations/2");
    expect(served("face.test")).toContain("server 10.244.0.5:7860;");
    expect(seen.log.at(-1)).toMatch(/^failed, trying again in 5 s: nobody answers$/);
  });

  it("keeps the generation before, and no older one", async () => {
    const { see } = await aDriver();
    for (const color of ["blue", "green", "blue"]) await see(towards(`facefusion-${color}`));
    expect(readdirSync(join(state, "generations")).sort()).toEqual(["3", "4"]);
  });
});

describe("the first configuration", () => {
  it("replaces none that is there", async () => {
    const { see } = await aDriver();
    await see(towards("facefusion-green"));
    await writeInitialConfig(options());
    expect(served("face.test")).toContain("10.244.1.5");
  });

  it("replaces one that was made for other addresses", async () => {
    const { see } = await aDriver();
    await see(towards("facefusion-green"));
    await writeInitialConfig({ ...options(), http: "127.0.0.1:28080" });
    expect(current()).toBe("generations/3");
    expect(readdirSync(join(state, "current/hosts"))).toEqual([]);
  });
});

describe("a host that cannot be served as it is now", () => {
  const kept = [{ name: "face.test", owner: { namespace: "default", name: "mine", uid: "1" } }];

  it("stays as it was", () => {
    const before = new Map([["hosts/face.test.conf", "# default/mine\nserver"]]);
    expect(withKept(new Map(), kept, before)).toEqual(before);
  });

  it("does not inherit what another Ingress served", () => {
    const before = new Map([["hosts/face.test.conf", "# default/other\nserver"]]);
    expect(withKept(new Map(), kept, before)).toEqual(new Map());
  });
});

/** All that a configuration says about hosts. */
function hostsIn(file: string): string {
  const directory = join(file, "../hosts");
  return readdirSync(directory)
    .map((name) => readFileSync(join(directory, name), "utf8"))
    .join("");
}
