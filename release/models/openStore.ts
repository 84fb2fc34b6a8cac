/** The store of the stack that a command is about, from the stack's file alone: no engine and no cluster is needed. */
import { S3Client } from "@aws-sdk/client-s3";
import type { Settings } from "../../settings";
import { explainAws } from "../aws/failures";
import { chooseServices, projectDirectory, stackName } from "../context";
import { readStackSettings } from "../cost/read";
import type { CommonOptions } from "../options";
import { Bucket } from "./bucket";
import { location, s3Store, type S3Store } from "./store";

export interface OpenStore {
  readonly stack: string;
  readonly settings: Settings;
  readonly store: S3Store;
  readonly bucket: Bucket;
}

/**
 * @param failed What did not work where AWS says no, as the beginning of a sentence.
 * @param otherwise What else helps then.
 */
export async function withStore<T>(
  options: Pick<CommonOptions, "cwd" | "stack" | "service">,
  failed: (where: string) => string,
  run: (opened: OpenStore) => Promise<T>,
  otherwise = "",
): Promise<T> {
  const project = projectDirectory(options.cwd);
  const stack = await stackName(project, options.stack);
  const { settings } = readStackSettings(project, stack);
  const store = s3Store(settings);
  // For the sake of the error, where there is no such service.
  chooseServices(Object.keys(settings.services), options.service);
  const client = new S3Client({ region: store.region });
  try {
    return await run({ stack, settings, store, bucket: new Bucket(client, store) });
  } catch (error) {
    throw explainAws(error, failed(location(store)), { otherwise });
  } finally {
    client.destroy();
  }
}
