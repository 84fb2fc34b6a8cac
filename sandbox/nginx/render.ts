/** NGINX's configuration as text: one file for all, one per host, one that tells the generation. Pure functions. */
import { join } from "node:path";
import { defaultCertificate } from "./certificates";
import type { Host, Location, Upstream } from "./model";

export interface RenderOptions {
  /** Directory of everything that NGINX reads and writes; absolute. */
  state: string;
  /** `address:port` for HTTP. */
  http: string;
  /** `address:port` for HTTPS. */
  https: string;
  workers: number;
  /** Seconds that an old worker may take for the requests it has. */
  drainSeconds: number;
  /** User that workers run as; undefined where NGINX is not started as root, and so cannot change it. */
  user: string | undefined;
}

/** Files of a configuration, by path relative to it. */
export type Files = ReadonlyMap<string, string>;

export const generationFile = "generation.conf";

/** Where NGINX tells its generation. */
export function generationSocket(state: string): string {
  return join(state, "generation.sock");
}

/** Where the certificates are. */
export function certificatesDirectory(state: string): string {
  return join(state, "certificates");
}

/** The file of a host; `_` is in no host name. */
export function hostFile(host: string): string {
  return `hosts/${host.replace("*", "_")}.conf`;
}

/** All files but the generation's. */
export function renderFiles(hosts: readonly Host[], options: RenderOptions): Map<string, string> {
  return new Map([
    ["nginx.conf", renderMain(options)],
    ...hosts.map((host): [string, string] => [hostFile(host.name), renderHost(host, options)]),
  ]);
}

/** A server that answers with the number of the generation: who gets that answer knows which workers serve. */
export function renderGeneration(generation: number, state: string): string {
  return `server {
    listen unix:${generationSocket(state)};
    access_log off;
    return 200 "${generation}";
}
`;
}

// Sizes of hashes and zones, the keep-alive limits and the TLS redirect are the defaults of F5's controller.
function renderMain({ state, http, https, workers, drainSeconds, user }: RenderOptions): string {
  const certificate = join(certificatesDirectory(state), defaultCertificate);
  return `daemon off;
${user === undefined ? "" : `user ${user};\n`}worker_processes ${workers};
worker_shutdown_timeout ${drainSeconds}s;
worker_rlimit_nofile 16384;
pid ${join(state, "nginx.pid")};
error_log ${join(state, "log/error.log")} notice;

events {
    worker_connections 4096;
}

http {
    default_type text/plain;
    server_names_hash_max_size 1024;
    server_names_hash_bucket_size 256;
    keepalive_timeout 75s;
    keepalive_requests 1000;
    ssl_protocols TLSv1.2 TLSv1.3;
${user === undefined ? renderTemporary(state) : ""}
    log_format json escape=json '{"time":$msec,"host":"$host","method":"$request_method","uri":"$request_uri",'
        '"status":$status,"request_time":$request_time,'
        '"upstream_addr":"$upstream_addr","upstream_status":"$upstream_status"}';
    access_log ${join(state, "log/access.log")} json;

    map $http_upgrade $connection_upgrade {
        default upgrade;
        '' close;
    }

    server {
        listen ${http} default_server;
        listen ${https} ssl default_server;
        ssl_certificate ${certificate};
        ssl_certificate_key ${certificate};
        return 404;
    }

    include ${generationFile};
    include hosts/*.conf;
}
`;
}

/** Directories for bodies too large for memory. Started as root, NGINX has better ones, which its workers can reach. */
function renderTemporary(state: string): string {
  const kinds = { client_body: "body", proxy: "proxy", fastcgi: "fastcgi", uwsgi: "uwsgi", scgi: "scgi" };
  return Object.entries(kinds)
    .map(([kind, directory]) => `    ${kind}_temp_path ${join(state, "temporary", directory)};\n`)
    .join("");
}

function renderHost({ name, owner, tls, treatment, locations, upstreams }: Host, options: RenderOptions): string {
  const { lbMethod, keepalive, directives, sslRedirect, redirectToHttps } = treatment;
  const [, port = ""] = /:(\d+)$/.exec(options.https) ?? [];
  const certificate = join(
    certificatesDirectory(options.state),
    (tls !== false ? tls.certificate?.file : undefined) ?? defaultCertificate,
  );
  const lines = [
    `listen ${options.http};`,
    ...(tls === false
      ? []
      : [`listen ${options.https} ssl;`, `ssl_certificate ${certificate};`, `ssl_certificate_key ${certificate};`]),
    `server_name ${name};`,
    ...(tls !== false && sslRedirect ? redirect("$scheme", `$host${port === "443" ? "" : `:${port}`}`) : []),
    ...(redirectToHttps ? redirect("$http_x_forwarded_proto", "$host") : []),
    ...locations.flatMap((location) =>
      renderLocation(location, [...directives, ...forwarding(redirectToHttps)], keepalive),
    ),
    ...(locations.some(({ path, exact }) => path === "/" && !exact) ? [] : block("location /", ["return 404;"])),
  ];
  return [
    `# ${owner.namespace}/${owner.name}`,
    ...upstreams.flatMap((upstream) => renderUpstream(upstream, lbMethod, keepalive)),
    ...block("server", lines),
    "",
  ].join("\n");
}

function renderUpstream({ name, servers }: Upstream, lbMethod: string | undefined, keepalive: number): string[] {
  return block(`upstream ${name}`, [
    // Shared by the workers, so that the least loaded Pod is the least loaded one of all, not of one worker.
    `zone ${name} 256k;`,
    ...(lbMethod === undefined ? [] : [`${lbMethod};`]),
    ...servers.map((server) => `server ${server};`),
    ...(keepalive > 0 ? [`keepalive ${keepalive};`] : []),
  ]);
}

function renderLocation({ path, exact, upstream, websocket }: Location, shared: string[], keepalive: number): string[] {
  const head = `location ${exact ? "= " : ""}${path}`;
  if (upstream === undefined) return block(head, ["return 502;"]);
  return block(head, [
    ...shared,
    ...connection(websocket, keepalive),
    "proxy_http_version 1.1;",
    `proxy_pass http://${upstream};`,
  ]);
}

function forwarding(redirectToHttps: boolean): string[] {
  return [
    "proxy_set_header Host $host;",
    "proxy_set_header X-Real-IP $remote_addr;",
    "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
    "proxy_set_header X-Forwarded-Host $host;",
    "proxy_set_header X-Forwarded-Port $server_port;",
    `proxy_set_header X-Forwarded-Proto ${redirectToHttps ? "https" : "$scheme"};`,
  ];
}

/** NGINX closes the connection to an upstream after each response, unless told otherwise. */
function connection(websocket: boolean, keepalive: number): string[] {
  if (websocket) return ["proxy_set_header Upgrade $http_upgrade;", "proxy_set_header Connection $connection_upgrade;"];
  return keepalive > 0 ? ['proxy_set_header Connection "";'] : [];
}

function redirect(scheme: string, authority: string): string[] {
  return block(`if (${scheme} = http)`, [`return 301 https://${authority}$request_uri;`]);
}

function block(head: string, lines: readonly string[]): string[] {
  return [`${head} {`, ...lines.map((line) => `    ${line}`), "}"];
}
