/**
 * The sandbox's NGINX driver: a stand-in for F5's NGINX Ingress Controller, which no package registry has. NGINX itself
 * is the real one. Others start it, once `init` has written a first configuration:
 *
 *     main.ts init --state DIR
 *     listen.py 127.0.0.1:18080 127.0.0.1:18443 -- nsenter --net=… nginx -c DIR/current/nginx.conf
 *     main.ts run --state DIR --kubeconfig FILE
 *
 * `run` can be ended and started again at any time: NGINX goes on with what it has.
 */
import { resolve } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { Command, InvalidArgumentError, Option } from "commander";
import { Driver, writeInitialConfig } from "./driver";
import { Nginx, removeStaleSocket, type Handover } from "./nginx";
import type { RenderOptions } from "./render";
import { Publisher } from "./status";
import { watchCluster } from "./watch";

interface CommonFlags {
  state: string;
  http: string;
  https: string;
  workers: number;
  drainSeconds: number;
  user: string;
}

interface RunFlags extends CommonFlags {
  kubeconfig: string;
  class: string;
  statusAddress: string;
  nginx: string;
  handover: Handover;
}

const program = new Command("nginx-driver");

withCommonFlags(program.command("init"))
  .description("write a first configuration; to be run before NGINX is started")
  .action(async (flags: CommonFlags) => {
    const options = renderOptions(flags);
    await writeInitialConfig(options);
    await removeStaleSocket(options.state);
  });

withCommonFlags(program.command("run"))
  .description("follow the cluster, and keep NGINX in step")
  .requiredOption("--kubeconfig <file>", "how to reach the cluster")
  .option("--class <name>", "the Ingress class to serve", "nginx")
  .option("--status-address <ip>", "address to publish in the status of Ingresses", "127.0.0.1")
  .option("--nginx <path>", "the NGINX binary, to validate with", "/usr/sbin/nginx")
  .addOption(
    new Option("--handover <kind>", "how old workers hand over to new ones at a reload")
      .choices(["ordered", "overlapping"])
      .default("ordered"),
  )
  .action(run);

void program.parseAsync();

async function run(flags: RunFlags): Promise<void> {
  const options = { ...renderOptions(flags), className: flags.class };
  const config = new KubeConfig();
  config.loadFromFile(flags.kubeconfig);
  const watch = watchCluster(config, log);
  const driver = await Driver.create(options, {
    nginx: new Nginx({ binary: flags.nginx, state: options.state, handover: flags.handover }),
    publisher: new Publisher(config, flags.statusAddress, log),
    objects: () => watch.objects(),
    log,
  });
  watch.start(() => {
    driver.changed();
  });
  const end = async () => {
    watch.stop();
    await driver.settled();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void end());
}

function withCommonFlags(command: Command): Command {
  return command
    .requiredOption("--state <directory>", "where configuration, certificates and logs are kept")
    .option("--http <address:port>", "where NGINX takes HTTP", "127.0.0.1:18080")
    .option("--https <address:port>", "where NGINX takes HTTPS", "127.0.0.1:18443")
    .option("--workers <number>", "NGINX worker processes", whole, 2)
    .option("--drain-seconds <number>", "how long an old worker may take for the requests it has", whole, 600)
    .option("--user <name>", "user of the workers, where NGINX is started as root", "www-data");
}

function renderOptions({ state, http, https, workers, drainSeconds, user }: CommonFlags): RenderOptions {
  const isRoot = process.getuid?.() === 0;
  return { state: resolve(state), http, https, workers, drainSeconds, user: isRoot ? user : undefined };
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("accepted: a whole number from 1");
  return Number(text);
}

function log(line: string): void {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`);
}
