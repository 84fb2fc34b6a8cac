/** The host of the preview of a service. */
export function previewHost(host: string): string {
  return `preview.${host}`;
}

/** Every host that leads to a service. */
export function hostsOf(host: string): string[] {
  return [host, previewHost(host)];
}
