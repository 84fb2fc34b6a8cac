/**
 * What every Pulumi plugin does to be found by the engine: serve gRPC on a free loopback port, print that port as the
 * first line of stdout, end when asked to.
 */
import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** The engine's own limit (sdk/go/common/util/rpcutil): a dashboard or a CRD can pass gRPC's default of 4 MiB. */
export const maxMessageSize = 400 * 1024 * 1024;

/**
 * Serves what `register` adds until the engine ends this process.
 *
 * @param register Adds services to the server before it listens.
 */
export async function serve(register: (server: grpc.Server) => void): Promise<void> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": maxMessageSize });
  register(server);
  const port = await listen(server);
  process.stdout.write(`${port}\n`);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(0));
  endWithParent();
}

/** Has the server listen on a free port of the loopback, and returns that port. */
export function listen(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
}

/** An engine that is killed tells nobody; what it started then belongs to another process, and has nothing left to do. */
function endWithParent(): void {
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) process.exit(0);
  }, 1_000).unref();
}

/** Turns a function into a gRPC method; what it throws becomes the call's error, by its message. */
export function unary<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    void (async () => answer(call.request))().then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        callback(statusOf(error));
      },
    );
  };
}

function statusOf(error: unknown): grpc.ServerErrorResponse {
  return Object.assign(error instanceof Error ? error : new Error(String(error)), { code: grpc.status.UNKNOWN });
}

export type Severity = "debug" | "info" | "warning" | "error";

const severities = {
  debug: LogSeverity.DEBUG,
  info: LogSeverity.INFO,
  warning: LogSeverity.WARNING,
  error: LogSeverity.ERROR,
} as const;

/** Writes to the engine's display. The engine hides what resource plugins print, so this is the only way to be read. */
export class EngineLog {
  private readonly client: EngineClient | undefined;

  /** @param address The engine's address: the last argument that the engine starts a plugin with. */
  constructor(address: string | undefined) {
    this.client = address === undefined ? undefined : new EngineClient(address, grpc.credentials.createInsecure());
  }

  /** @param urn The resource that the message is about; without it, the message is about the stack. */
  async write(severity: Severity, message: string, options: { urn?: string; ephemeral?: boolean } = {}): Promise<void> {
    const request = new LogRequest();
    request.setSeverity(severities[severity]);
    request.setMessage(message);
    request.setUrn(options.urn ?? "");
    request.setEphemeral(options.ephemeral ?? false);
    await new Promise<void>((resolve) => {
      if (this.client === undefined) resolve();
      // A message that cannot be shown is no reason to fail an update.
      else
        this.client.log(request, () => {
          resolve();
        });
    });
  }
}

/** The address of the engine among this process's arguments. */
export function engineAddress(): string | undefined {
  return process.argv.slice(2).findLast((argument) => !argument.startsWith("-"));
}
