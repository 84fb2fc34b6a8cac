/**
 * Has this process run TypeScript as it is, transpiled and not checked: the program (Pulumi.yaml), the policies, the release
 * command and the sandbox.
 *
 * Nothing but that: what looks at the files of every package for modules to translate takes a second more to start.
 */
import { enableCompileCache, setSourceMapsSupport } from "node:module";
import process from "node:process";
import { register, REGISTER_INSTANCE } from "ts-node";

// Most of a start is loading code: from the second one on it is compiled already.
enableCompileCache();
// Pulumi's runner of policies has registered one that checks types at every start, which `make check` has done.
process[REGISTER_INSTANCE]?.enabled(false);
register({
  cwd: import.meta.dirname,
  compilerOptions: {
    // The newest that ts-node knows by swc's name; it would take a newer one for the oldest of all.
    target: "es2022",
    // Throughout, so that what is imported only when it is needed is required then, and found in the same way.
    module: "commonjs",
    moduleResolution: "bundler",
  },
});
// Pulumi's SDK takes a stack trace for every promise: with ts-node's own source maps that is a quarter of a large plan's time.
Error.prepareStackTrace = undefined;
setSourceMapsSupport(true, { nodeModules: false });
