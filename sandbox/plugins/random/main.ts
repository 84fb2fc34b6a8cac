/**
 * `pulumi-resource-random`, a stand-in for the provider of @pulumi/random, for machines where the official plugin can
 * be neither found nor downloaded. Values come from the same kind of source, and are kept in the state alone.
 */
import { serveProvider } from "../shared/provider";
import { randomProvider } from "./provider";

void serveProvider(randomProvider);
