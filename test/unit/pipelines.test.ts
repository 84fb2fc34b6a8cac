import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { saidFor } from "../../release/schedule/when";
import { commands } from "../support/commandTree";
import { cronTimes } from "../support/cron";
import { commandLines, githubFiles, gitlab, gitlabJobs, gitlabText, workflows } from "../support/pipelines";

const packages = z
  .object({ dependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync("package.json", "utf8")));

/** The words of a `npx release` call, with something in place of each variable. */
function releaseCalls(): { where: string; words: string[] }[] {
  return commandLines.flatMap(({ where, line }) =>
    [...line.matchAll(/npx release ([^|>)]+)/g)].map(([, call = ""]) => ({
      where,
      words: call
        .replaceAll(/\$\{(\w+):\+"\$\w+"\}/g, "")
        .replaceAll(/"\$(\w+)"/g, "value")
        .trim()
        .split(/\s+/),
    })),
  );
}

describe("what the pipelines run", () => {
  it("is commands and options that the release command has", async () => {
    const calls = releaseCalls();
    expect(new Set(calls.map(({ words }) => words[0]))).toEqual(
      new Set(["preview", "deploy", "switch", "apply", "schedule", "rollback", "drift"]),
    );
    const all = await commands();
    for (const { where, words } of calls) {
      const [name, ...args] = words;
      const command = all.find((each) => each.name() === name);
      expect(command, `${where}: release ${name ?? ""}`).toBeDefined();
      command?.exitOverride().configureOutput({ writeErr: () => undefined });
      command?.action(() => undefined);
      expect(() => command?.parse(args, { from: "user" }), `${where}: release ${words.join(" ")}`).not.toThrow();
    }
  });

  it("is the same on GitHub and on GitLab", () => {
    const called = (ofGitlab: boolean) =>
      releaseCalls()
        .filter(({ where }) => where.startsWith("gitlab.") === ofGitlab)
        .map(({ words }) => words.join(" "))
        .sort();
    expect(called(true)).toEqual(called(false));
  });

  it("is commands that the command line knows of", () => {
    const help = execFileSync(process.execPath, ["release/bin.mjs", "--help"], { encoding: "utf8" });
    for (const { words } of releaseCalls()) expect(help).toMatch(new RegExp(`^  ${words[0] ?? ""} `, "m"));
  });

  it("is targets that make has", () => {
    const targets = [...readFileSync("Makefile", "utf8").matchAll(/^([a-z-]+):/gm)].map(([, name]) => name);
    const called = commandLines.flatMap(({ line }) => [...line.matchAll(/\bmake ([a-z-]+)/g)].map(([, name]) => name));
    expect(new Set(called)).toEqual(new Set(["image-push", "record", "tell-failure"]));
    for (const name of called) expect(targets).toContain(name);
  });

  it("is nothing else, but for what a runner needs first", () => {
    const own = /^(npx release |make |npm ci$|apt-get |exit "\$\{status:-0\}"$)/;
    expect(commandLines.filter(({ line }) => !own.test(line.trim()))).toEqual([]);
  });

  it("never has a value of the forge written into a script: what people write could end up being run", () => {
    for (const { where, line } of commandLines) expect(line, where).not.toMatch(/\$\{\{/);
  });
});

describe("GitHub's workflows", () => {
  const jobs = Object.entries(workflows).flatMap(([name, workflow]) =>
    Object.entries(workflow.jobs).map(([id, job]) => ({ name: `${name}.${id}`, workflow, job })),
  );

  it("use actions by their commit, with the version beside it", () => {
    const uses = githubFiles.flatMap(({ name, text }) =>
      [...text.matchAll(/uses: (\S+)(.*)/g)].map(([, what = "", comment = ""]) => ({ name, what, comment })),
    );
    const others = uses.filter(({ what }) => !what.startsWith("./"));
    expect(others.length).toBeGreaterThan(10);
    for (const { name, what, comment } of others) {
      expect(what, name).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      expect(comment, name).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
    // One action, one version.
    const actions = (of: (what: string) => string | undefined) => new Set(others.map(({ what }) => of(what))).size;
    expect(actions((what) => what)).toBe(actions((what) => what.split("@")[0]));
  });

  it("may do nothing but what each job says, and end in time", () => {
    for (const { name, workflow, job } of jobs) {
      expect(workflow.permissions, name).toEqual({});
      expect(job.permissions, name).toBeDefined();
      // A session on AWS ends after an hour.
      expect(job["timeout-minutes"], name).toBeLessThan(60);
    }
  });

  it("are never ended midway where they change a stack, and a rollback waits for nobody else", () => {
    for (const [name, { concurrency }] of Object.entries(workflows)) {
      expect(concurrency, name).toBeDefined();
      expect(concurrency?.["cancel-in-progress"], name).toBe(name === "preview");
      if (name !== "preview")
        expect(concurrency?.group, name).toMatch(new RegExp(`^${name}-\\$\\{\\{ vars\\.PULUMI_STACK`));
    }
  });

  it("take the role that releases in a protected environment alone, and ask somebody before users move", () => {
    const role = (of: (typeof jobs)[number]) =>
      of.job.steps.map((step) => step.with?.["role-to-assume"]).find((value) => value !== undefined);
    for (const each of jobs) {
      const releases = role(each) === "${{ vars.AWS_RELEASE_ROLE }}";
      if (releases) expect(each.job.environment, each.name).toBeDefined();
      // The environment alone would have AWS give the role to whoever asks.
      else if (each.job.environment !== undefined)
        expect(each.job.permissions, each.name).toEqual({ contents: "read" });
    }
    const withReviewers = jobs.filter(({ job }) => job.environment === "production").map(({ name }) => name);
    expect(withReviewers.sort()).toEqual(["apply.apply", "release.switch"]);
  });

  it("tell the channel of every job that fails, but for previews, which are told on their pull request", () => {
    const telling = "failure() || cancelled()";
    const tells = ({ job }: (typeof jobs)[number]) => job.steps.find(({ run }) => run === "make tell-failure");
    for (const each of jobs.filter(({ name }) => !name.startsWith("preview."))) {
      const [workflow, id] = each.name.split(".");
      const after = jobs.find(({ name, job }) => name.startsWith(`${workflow ?? ""}.`) && job.needs === id);
      const told =
        tells(each)?.if === telling || (after !== undefined && tells(after) !== undefined && after.job.if === telling);
      expect(told || each.job.if === telling, each.name).toBe(true);
    }
  });

  it("give a fork's code no secret, no identity, no right to write", () => {
    const offline = workflows["preview"]?.jobs["offline"];
    expect(offline?.permissions).toEqual({ contents: "read" });
    expect(JSON.stringify(offline)).not.toMatch(/secrets\.|github\.token|role-to-assume/);
    expect(workflows["preview"]?.on).not.toHaveProperty("pull_request_target");
    expect(offline?.if).toContain("head.repo.full_name != github.repository");
    expect(workflows["preview"]?.jobs["preview"]?.if).toContain("head.repo.full_name == github.repository");
  });

  it("install the engine in the version of its SDK", () => {
    const version = packages.dependencies["@pulumi/pulumi"];
    expect(githubFiles.find(({ name }) => name.endsWith("setup/action.yml"))?.text).toContain(
      `pulumi-version: ${version ?? ""}\n`,
    );
    expect(gitlabText).toContain(`name: pulumi/pulumi:${version ?? ""}\n`);
    expect(readFileSync("examples/argocd/stack/stack.yaml", "utf8")).toContain(
      `image: pulumi/pulumi:${version ?? ""}-nonroot\n`,
    );
  });
});

describe("the schedule", () => {
  const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
  const { schedule } = z
    .object({ schedule: z.array(z.object({ cron: z.string(), timezone: z.string() })) })
    .parse(workflows["scale"]?.on);
  const settings = z
    .object({ timeZone: z.string(), days: z.array(z.enum(days)), from: z.string(), until: z.string() })
    .parse(
      z.object({ config: z.record(z.string(), z.unknown()) }).parse(parse(readFileSync("Pulumi.prod.yaml", "utf8")))
        .config["facefusion:schedule"],
    );
  const begin = DateTime.fromISO("2027-01-01", { zone: settings.timeZone });
  const end = begin.plus({ years: 1 });
  const runs = schedule
    .flatMap(({ cron, timezone }) => cronTimes(cron, timezone, begin, end))
    .sort((a, b) => a.toMillis() - b.toMillis());

  /** The times at which the stack's schedule changes, on each of its days of a year. */
  function changes(clock: string): DateTime[] {
    const [hour = 0, minute = 0] = clock.split(":").map(Number);
    const dates = Array.from({ length: end.diff(begin, "days").days }, (_, index) => begin.plus({ days: index }));
    const wanted = (day: DateTime) => settings.days.some((name) => name === days[day.weekday - 1]);
    return dates.filter(wanted).map((day) => day.set({ hour, minute }));
  }

  const minutesBetween = (from: DateTime, until: DateTime) =>
    runs.filter((run) => run >= from && run < until).map((run) => run.diff(from, "minutes").minutes);

  it("has several runs by each day's peak, or soon after, that say it is peak, winter and summer", () => {
    const peaks = changes(settings.from);
    expect(peaks.length).toBeGreaterThan(250);
    const isPeak = (run: DateTime) => saidFor(settings, run.toJSDate(), 30).capacity === "peak";
    for (const peak of peaks) {
      const [from, until] = [peak.minus({ minutes: 30 }), peak.plus({ hours: 1 })];
      const near = runs.filter((run) => run >= from && run < until);
      expect(near.filter(isPeak).length, peak.toISO() ?? "").toBeGreaterThanOrEqual(4);
      expect(near.filter((run) => run < peak).length, peak.toISO() ?? "").toBeGreaterThanOrEqual(2);
    }
  });

  it("has several runs soon after it, the first within five minutes", () => {
    for (const until of changes(settings.until)) {
      const after = minutesBetween(until, until.plus({ hours: 1 }));
      expect(after.length, until.toISO() ?? "").toBeGreaterThanOrEqual(3);
      expect(Math.min(...after), until.toISO() ?? "").toBeLessThanOrEqual(5);
    }
  });

  it("is read by the command as it is meant: peak at the last run before it, off-peak at the first one after", () => {
    const said = (run: DateTime | undefined) => run && saidFor(settings, run.toJSDate(), 30).capacity;
    for (const peak of changes(settings.from)) expect(said(runs.findLast((run) => run < peak))).toBe("peak");
    for (const until of changes(settings.until)) expect(said(runs.find((run) => run >= until))).toBe("offPeak");
  });

  it("has none at a full hour, when GitHub drops some", () => {
    expect(runs.filter(({ minute }) => minute === 0)).toEqual([]);
  });
});

describe("GitLab's jobs", () => {
  it("end in time, and one at a time for each stack; a rollback waits for nobody else", () => {
    expect(gitlabJobs.map(({ name }) => name).sort()).toEqual([
      "apply",
      "build",
      "deploy",
      "drift",
      "offline preview",
      "preview",
      "rollback",
      "scale",
      "switch",
    ]);
    for (const { name, timeout } of gitlabJobs) expect(timeout, name).toMatch(/^[1-5]\d minutes$/);
    const groupOf = (name: string) => gitlabJobs.find((job) => job.name === name)?.resource_group;
    for (const name of ["deploy", "switch", "apply", "scale"]) expect(groupOf(name), name).toBe("stack-$STACK");
    expect(groupOf("rollback")).toBe("rollback-$STACK-$SERVICE");
  });

  it("tell the channel of every job that fails, but for previews", () => {
    const tells = (name: string) =>
      z.looseObject({ after_script: z.array(z.string()) }).safeParse(gitlab[name]).success;
    const silent = gitlabJobs.filter((job) => ![job.name, job.extends].some(tells));
    expect(silent.map(({ name }) => name).sort()).toEqual(["offline preview", "preview"]);
  });

  it("wait for a person before users move, unless a person has started them", () => {
    const waiting = gitlabJobs.filter(({ environment }) => environment?.name === "production");
    expect(waiting.map(({ name }) => name).sort()).toEqual(["apply", "switch"]);
    for (const { name, rules } of waiting)
      for (const rule of rules)
        if (rule.when !== "manual") expect(rule.if, name).toMatch(/^\$CI_PIPELINE_SOURCE == "web"/);
  });

  it("give a fork's code no identity", () => {
    const offline = gitlabJobs.find(({ name }) => name === "offline preview");
    expect(offline?.extends).toBe(".tools");
    expect(gitlab[".tools"]).not.toHaveProperty("id_tokens");
    expect(gitlab[".aws"]).toHaveProperty("id_tokens");
  });
});
