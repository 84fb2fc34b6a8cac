import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { exitCodes } from "../../../release/errors";
import { releaseCommand } from "../../../release/options";
import { checks } from "../../../release/doctor/checks";
import { commands } from "../../support/commandTree";

const page = readFileSync("docs/release-command.md", "utf8");

/** The first cells of the rows of a part's tables. */
function firstCells(part: string): string[] {
  return part
    .split("\n")
    .flatMap((line) => /^\| `([^|]+?)` +\|/.exec(line)?.[1] ?? /^\| (\d+) +\|/.exec(line)?.[1] ?? []);
}

/** The part of the page below a heading that begins so. */
function partOf(heading: string): string {
  return page.split("\n## ").find((part) => part.startsWith(heading)) ?? "";
}

const flagsOf = (command: Command) => command.options.map(({ flags }) => flags.replace(/^-y, /, "")).sort();
const common = flagsOf(releaseCommand("x", "x"));

describe("the page of the release command", () => {
  it("has the options that every command has, and the exit codes", () => {
    const cells = firstCells(partOf("For every command")).map((cell) => cell.replace("-y`, `", ""));
    expect(cells.filter((cell) => cell.startsWith("--")).sort()).toEqual(common);
    expect(cells.filter((cell) => /^\d$/.test(cell)).map(Number)).toEqual(Object.values(exitCodes));
  });

  it("has every command with its arguments and its own options, and no other", async () => {
    const all = await commands();
    expect(all.length).toBeGreaterThan(3);
    const known = all.map((command) => {
      const usage = command.registeredArguments.map((each) =>
        each.required ? ` <${each.name()}>` : ` [${each.name()}]`,
      );
      return `release ${command.name()}${usage.join("")}`;
    });
    const headings = [...page.matchAll(/^## `(release .+)`$/gm)].map(([, heading]) => heading);
    expect(headings.sort()).toEqual(known.sort());
    for (const command of all) {
      const own = flagsOf(command).filter((flags) => !common.includes(flags));
      const written = firstCells(partOf(`\`release ${command.name()}`)).filter((cell) => cell.startsWith("--"));
      expect({ command: command.name(), options: written.sort() }).toEqual({ command: command.name(), options: own });
    }
  });

  it("has every check of the doctor", () => {
    const written = firstCells(partOf("`release doctor`"));
    expect(written.toSorted()).toEqual(["api-server", ...checks.map(({ name }) => name)].sort());
  });
});
