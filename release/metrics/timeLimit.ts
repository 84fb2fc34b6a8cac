/** Requests to the API server that do not wait for ever. */
import { Observable, type ConfigurationOptions } from "@kubernetes/client-node";

/** Options of one request: it fails when the time is over. */
export function within(ms: number): ConfigurationOptions {
  return {
    middleware: [
      {
        pre: (request) => {
          request.setSignal(AbortSignal.timeout(ms));
          return new Observable(Promise.resolve(request));
        },
        post: (response) => new Observable(Promise.resolve(response)),
      },
    ],
    middlewareMergeStrategy: "append",
  };
}
