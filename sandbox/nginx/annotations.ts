/**
 * The `nginx.org/…` annotations that the driver honours, as a table: names, accepted values and defaults are those of
 * F5's NGINX Ingress Controller, so that an Ingress means the same here and there.
 */

/** How the requests of one Ingress are treated. */
export interface Treatment {
  /** Directives of every location, with their defaults. */
  directives: readonly string[];
  /** The directive that picks an upstream server; none is NGINX's round robin. */
  lbMethod: string | undefined;
  /** Idle connections that a worker keeps to an upstream. */
  keepalive: number;
  /** Whether the upstream is the Service's own address instead of its Pods'. */
  useClusterIp: boolean;
  /** Whether a host with TLS sends plain HTTP to HTTPS. */
  sslRedirect: boolean;
  /** Whether X-Forwarded-Proto: http is sent to HTTPS, for TLS that ends before NGINX. */
  redirectToHttps: boolean;
  /** Services whose connections may be upgraded. */
  websocketServices: readonly string[];
}

export interface Reading {
  treatment: Treatment;
  /** Values that cannot be served. */
  faults: readonly string[];
  /** nginx.org annotations that the driver does not know; they have no effect. */
  unknown: readonly string[];
}

/** A kind of value: what matches is accepted, and written into the configuration as it is or as `write` says. */
interface Kind {
  accepts: RegExp;
  expected: string;
  write?: (value: string) => string;
}

// No pattern lets `;`, braces or quotes through: a value must not be able to end its directive.
const time: Kind = { accepts: /^\d+(ms|[smhdwMy])?( \d+(ms|[smhdwMy])?)*$/, expected: "a time such as 60s" };
const offset: Kind = { accepts: /^\d+[kKmMgG]?$/, expected: "a size such as 2g, or 0 for no limit" };
const size: Kind = { accepts: /^\d+[kKmM]?$/, expected: "a size such as 8k" };
const buffers: Kind = { accepts: /^\d+ \d+[kKmM]?$/, expected: "a number and a size, such as 4 8k" };
const count: Kind = { accepts: /^\d{1,6}$/, expected: "a whole number" };
const flag: Kind = {
  accepts: /^(1|0|t|f|true|false)$/i,
  expected: "True or False",
  write: (value) => (isTrue(value) ? "on" : "off"),
};
const method: Kind = {
  accepts: /^(round_robin|least_conn|ip_hash|random|random two|random two least_conn)$/,
  expected: "round_robin, least_conn, ip_hash, random, random two or random two least_conn",
};
const names: Kind = { accepts: /^[a-z0-9-]+( *, *[a-z0-9-]+)*$/, expected: "names of Services, with commas between" };

interface Directive {
  kind: Kind;
  name: string;
  /** Written where the annotation is not set; without one NGINX's own default holds. */
  fallback?: string;
}

const directives: Readonly<Record<string, Directive>> = {
  "nginx.org/proxy-connect-timeout": { kind: time, name: "proxy_connect_timeout", fallback: "60s" },
  "nginx.org/proxy-read-timeout": { kind: time, name: "proxy_read_timeout", fallback: "60s" },
  "nginx.org/proxy-send-timeout": { kind: time, name: "proxy_send_timeout", fallback: "60s" },
  "nginx.org/client-max-body-size": { kind: offset, name: "client_max_body_size", fallback: "1m" },
  "nginx.org/client-body-buffer-size": { kind: offset, name: "client_body_buffer_size" },
  "nginx.org/proxy-buffering": { kind: flag, name: "proxy_buffering", fallback: "on" },
  "nginx.org/proxy-buffers": { kind: buffers, name: "proxy_buffers" },
  "nginx.org/proxy-buffer-size": { kind: size, name: "proxy_buffer_size" },
  "nginx.org/proxy-busy-buffers-size": { kind: size, name: "proxy_busy_buffers_size" },
  "nginx.org/proxy-max-temp-file-size": { kind: size, name: "proxy_max_temp_file_size" },
};

const switches = {
  lbMethod: { annotation: "nginx.org/lb-method", kind: method, fallback: "random two least_conn" },
  keepalive: { annotation: "nginx.org/keepalive", kind: count, fallback: "0" },
  useClusterIp: { annotation: "nginx.org/use-cluster-ip", kind: flag, fallback: "false" },
  sslRedirect: { annotation: "nginx.org/ssl-redirect", kind: flag, fallback: "true" },
  redirectToHttps: { annotation: "nginx.org/redirect-to-https", kind: flag, fallback: "false" },
  websocketServices: { annotation: "nginx.org/websocket-services", kind: names, fallback: "" },
} as const;

const known = new Set([...Object.keys(directives), ...Object.values(switches).map(({ annotation }) => annotation)]);

/** Reads what an Ingress's annotations ask for. Annotations of others are none of ours. */
export function readAnnotations(annotations: Readonly<Record<string, string>>): Reading {
  const kinds = [
    ...Object.entries(directives).map(([annotation, { kind }]) => ({ annotation, kind })),
    ...Object.values(switches),
  ];
  const faults = kinds.flatMap(({ annotation, kind }) => {
    const value = annotations[annotation];
    if (value === undefined || kind.accepts.test(value)) return [];
    return [`${annotation}: ${JSON.stringify(value)} is not accepted; accepted: ${kind.expected}`];
  });
  const of = (key: keyof typeof switches) => annotations[switches[key].annotation] ?? switches[key].fallback;
  const lbMethod = of("lbMethod");
  return {
    treatment: {
      directives: Object.entries(directives).flatMap(([annotation, { kind, name, fallback }]) => {
        const value = annotations[annotation];
        if (value !== undefined) return [`${name} ${kind.write?.(value) ?? value};`];
        return fallback === undefined ? [] : [`${name} ${fallback};`];
      }),
      lbMethod: lbMethod === "round_robin" ? undefined : lbMethod,
      keepalive: Number(of("keepalive")),
      useClusterIp: isTrue(of("useClusterIp")),
      sslRedirect: isTrue(of("sslRedirect")),
      redirectToHttps: isTrue(of("redirectToHttps")),
      websocketServices: of("websocketServices")
        .split(",")
        .flatMap((name) => name.trim() || []),
    },
    faults,
    unknown: Object.keys(annotations).filter((name) => /^nginx\.(org|com)\//.test(name) && !known.has(name)),
  };
}

function isTrue(value: string): boolean {
  return /^(1|t|true)$/i.test(value);
}
