import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import {
  readStackFile,
  withCopy,
  withHeldSettings,
  withSettings,
  type Setting,
} from "../../../release/operations/stackFile";

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function project(files: Record<string, string>): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), "stack-file-"));
  directories.push(directory);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(directory, name), text);
  return directory;
}

const live = (color: string): Setting => ({ path: ["liveColor"], value: color });
const prod = [
  "# Production.",
  "encryptionsalt: v1:abc",
  "config:",
  "  facefusion:liveColor: blue # the flag",
  "  facefusion:services:",
  "    facefusion:",
  "      # Two versions.",
  "      blue:",
  "        image: registry.example.com/facefusion:v1.0.0",
  "        env:",
  '          TEST_JOB_SECONDS_MAX: "60"',
  "",
].join("\n");
const fileOf = (text: string) => ({ path: "Pulumi.prod.yaml", project: "facefusion", text });

describe("a stack's file", () => {
  it("is found by the stack's name, without its organization", () => {
    const directory = project({ "Pulumi.yaml": "name: facefusion\n", "Pulumi.prod.yaml": prod });
    expect(readStackFile(directory, "acme/facefusion/prod")).toEqual({
      path: path.join(directory, "Pulumi.prod.yaml"),
      project: "facefusion",
      text: prod,
    });
  });

  it("is where the project keeps them", () => {
    const directory = project({ "Pulumi.yaml": "name: facefusion\nstackConfigDir: stacks\n" });
    expect(readStackFile(directory, "prod").path).toBe(path.join(directory, "stacks", "Pulumi.prod.yaml"));
  });

  it("keeps its comments and what is not changed", () => {
    expect(withSettings(fileOf(prod), [live("green")])).toBe(prod.replace(": blue #", ": green #"));
  });

  it("gets what is not there yet, by its path", () => {
    const settings: Setting[] = [
      { path: ["services", "facefusion", "green", "image"], value: "registry.example.com/facefusion:v2.0.0" },
      { path: ["services", "facefusion", "blue", "env", "WORKERS"], value: "2" },
    ];
    expect(withSettings(fileOf(prod), settings)).toBe(
      prod.replace(
        '"60"\n',
        '"60"\n          WORKERS: "2"\n      green:\n        image: registry.example.com/facefusion:v2.0.0\n',
      ),
    );
  });

  it("may be empty", () => {
    expect(withSettings(fileOf(""), [live("green")])).toBe("config:\n  facefusion:liveColor: green\n");
  });

  it("that is not YAML is left alone, with its name in the error", () => {
    expect(() => withSettings(fileOf("config: [\n"), [live("green")])).toThrow("Pulumi.prod.yaml is not YAML");
  });

  it("has a copy for as long as somebody reads it", async () => {
    const directory = project({ "Pulumi.yaml": "name: facefusion\n", "Pulumi.prod.yaml": prod });
    const file = readStackFile(directory, "prod");
    const seen = await withCopy(file, "config: {}\n", (copy) =>
      Promise.resolve({ copy, text: readFileSync(copy, "utf8") }),
    );
    expect(seen.text).toBe("config: {}\n");
    expect(readFileSync(file.path, "utf8")).toBe(prod);
    expect(() => readFileSync(seen.copy)).toThrow("ENOENT");
  });
});

describe("the configuration that the program would be given", () => {
  it("has the values set, inside of what is JSON as well", () => {
    const held = { "facefusion:services": '{"facefusion":{"host":"x","blue":{"image":"a:1"}}}', "aws:region": "r" };
    const settings: Setting[] = [live("green"), { path: ["services", "facefusion", "blue", "image"], value: "a:2" }];
    expect(withHeldSettings(held, "facefusion", settings)).toEqual({
      "aws:region": "r",
      "facefusion:liveColor": "green",
      "facefusion:services": '{"facefusion":{"host":"x","blue":{"image":"a:2"}}}',
    });
  });
});
