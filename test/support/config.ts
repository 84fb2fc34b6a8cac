/** Builders of configurations: a right one, with what a test changes; and what is wrong with one. */
import { parseSettings, SettingsError } from "../../settings";

export function aService(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    host: "facefusion.example.com",
    blue: { image: "registry.example.com/facefusion:v1.0.0" },
    green: { image: "registry.example.com/facefusion:v2.0.0" },
    verification: { image: "registry.example.com/facefusion-verification:v1.0.0" },
    ...change,
  };
}

export function aConfig(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    modelStore: { kind: "nfs", server: "nfs.example.com" },
    services: { facefusion: aService() },
    ...change,
  };
}

/** A configuration for nodes on AWS. */
export function withNodes(blue: object, green: object = blue, more: Record<string, unknown> = {}) {
  return aConfig({
    cluster: { kind: "adopt", name: "prod", subnetIds: ["subnet-0a", "subnet-0b"] },
    gpuNodes: { blue, green },
    ...more,
  });
}

/** The faults that a configuration has, one line each; none where it is accepted. */
export function faultsOf(raw: Record<string, unknown>): readonly string[] {
  try {
    parseSettings(raw);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
}
