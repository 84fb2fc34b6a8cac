import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { FailureList } from "./test/support/failureList.mts";
import { BusyBesideWaiting } from "./test/support/sequencer.mts";

/** Much of what a test does is to wait for others: three files at a time suit two cores, too. */
const maxWorkers = Math.max(3, availableParallelism() - 1);

const onCluster = {
  globalSetup: "test/cluster/globalSetup.ts",
  testTimeout: 300_000,
  hookTimeout: 1_800_000,
};

export default defineConfig({
  test: {
    reporters: ["default", new FailureList()],
    sequence: { sequencer: BusyBesideWaiting },
    projects: [
      // A sandbox of its own, which may have to be built first.
      { test: { name: "sandbox", include: ["test/sandbox/*.test.ts"], testTimeout: 1_800_000, maxWorkers } },
      // What they load takes longer than most of them run: a process loads it once.
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], maxWorkers, isolate: false } },
      {
        test: {
          name: "program",
          include: ["test/program/**/*.test.ts"],
          globalSetup: "test/program/globalSetup.ts",
          testTimeout: 120_000,
          hookTimeout: 600_000,
          maxWorkers,
        },
      },
      {
        test: {
          name: "aws",
          include: ["test/aws/**/*.test.ts"],
          globalSetup: "test/aws/globalSetup.ts",
          setupFiles: "test/aws/environment.ts",
          testTimeout: 120_000,
          maxWorkers,
        },
      },
      {
        test: {
          ...onCluster,
          name: "cluster",
          include: ["test/cluster/*.test.ts"],
          // The cluster is one machine, however many cores it has.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...onCluster,
          name: "cluster-alone",
          include: ["test/cluster/alone/*.test.ts"],
          // What harms others, or is harmed by them: NGINX reloads for anybody's Pods, and a client that does not repeat a
          // request may meet that.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
