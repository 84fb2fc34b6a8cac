import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stackCost } from "../../../cost/stackCost";
import { readStackSettings, stacksIn } from "../../../release/cost/read";
import { renderCost } from "../../../release/cost/render";
import { theSettings } from "../../support/states";
import { aStackOnAws, officeHours, someNodes } from "../../support/costs";

const stackFile = `
config:
  aws:region: eu-central-1
  other:key: 1
  facefusion:liveColor: green
  facefusion:notifications:
    slack: { secure: AAABAK }
  facefusion:modelStore: { kind: nfs, server: nfs.example.com }
  facefusion:services:
    facefusion:
      host: facefusion.example.com
      blue: { image: "registry.example.com/facefusion:v1", env: { TOKEN: { secure: AAABAK } } }
      green: { image: "registry.example.com/facefusion:v2" }
      verification: { image: "registry.example.com/verification:v1" }
`;

describe("a stack's file", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), "cost-"));
    writeFileSync(path.join(directory, "Pulumi.yaml"), "name: facefusion\n");
    writeFileSync(path.join(directory, "Pulumi.one.yaml"), stackFile);
    writeFileSync(path.join(directory, "Pulumi.two.yaml"), "config: {}\n");
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it("is all that a cost needs: no secret has to be read for it", () => {
    const { settings, region } = readStackSettings(directory, "one");
    expect(settings).toMatchObject({ liveColor: "green", services: { facefusion: { replicas: 2 } } });
    expect(region).toBe("eu-central-1");
  });

  it("is named by its stack; one that is not there is named with those that are", () => {
    expect(stacksIn(directory)).toEqual(["one", "two"]);
    expect(() => readStackSettings(directory, "three")).toThrow(/Stack three has no file/);
  });

  it("that is not accepted says why", () => {
    expect(() => readStackSettings(directory, "two")).toThrow(/facefusion:modelStore: is missing/);
  });
});

describe("the cost of a stack in text", () => {
  it("is a table by colour and part, the sums, what is missing from them, and where the prices come from", async () => {
    const settings = aStackOnAws({
      cluster: { kind: "create", network: { kind: "create", zones: 2, natGateways: "one" } },
      gpuNodes: {
        blue: someNodes({ capacity: { kind: "spot" } }),
        green: someNodes({ instanceType: "p4de.24xlarge" }),
      },
      ingress: { kind: "install" },
      schedule: officeHours,
    });
    const text = renderCost("prod", stackCost(settings, "eu-west-1", "2026-11-25"));
    await expect(`${text}\n`).toMatchFileSnapshot("golden/cost.txt");
  });

  it("of a stack without GPU nodes says so", () => {
    const cost = stackCost(theSettings(), "eu-west-1", "2026-11-25");
    expect(renderCost("local", cost)).toBe(
      "stack local: it has no GPU nodes of its own, so there is nothing to price.",
    );
  });
});

it("the example stacks have a price for everything", () => {
  for (const stack of ["dev", "prod"]) {
    const { settings, region = "" } = readStackSettings(".", stack);
    expect(stackCost(settings, region, "2026-11-25")?.missing, stack).toEqual([]);
  }
});
