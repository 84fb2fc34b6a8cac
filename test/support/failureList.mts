/** What failed, once more and in short, as a log's last lines: there people look first, and may see nothing else. */
import type { Reporter, TestCase, TestModule, TestSuite } from "vitest/node";

export class FailureList implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules) {
      const parts = [module, ...module.children.allSuites(), ...module.children.allTests()];
      for (const part of parts) for (const line of failuresOf(part)) console.error(line);
    }
  }
}

function failuresOf(part: TestModule | TestSuite | TestCase): string[] {
  const errors = part.type === "test" ? (part.result().errors ?? []) : part.errors();
  const name = part.type === "module" ? part.relativeModuleId : `${part.module.relativeModuleId} > ${part.fullName}`;
  return errors.map(({ message }) => `✗ ${name}\n  ${message.split("\n")[0]}`);
}
