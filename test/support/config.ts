/** Builders of configurations: a right one, with what a test changes. */

export function aService(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    host: "facefusion.example.com",
    blue: { image: "registry.example.com/facefusion:v1.0.0" },
    green: { image: "registry.example.com/facefusion:v2.0.0" },
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
