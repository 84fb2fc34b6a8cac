import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"] } },
      {
        test: {
          name: "program",
          include: ["test/program/**/*.test.ts"],
          globalSetup: "test/program/globalSetup.ts",
          testTimeout: 120_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: "aws",
          include: ["test/aws/**/*.test.ts"],
          globalSetup: "test/aws/globalSetup.ts",
          setupFiles: "test/aws/environment.ts",
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: "cluster",
          include: ["test/cluster/**/*.test.ts"],
          globalSetup: "test/cluster/globalSetup.ts",
          testTimeout: 300_000,
          hookTimeout: 1_800_000,
          // One after the other: NGINX closes idle connections whenever it reloads for anybody's Pods.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
