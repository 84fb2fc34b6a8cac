/** The one part of the client library that is used here, in a file of its own: a bundler then leaves the rest out. */
export { KubeConfig } from "@kubernetes/client-node";
