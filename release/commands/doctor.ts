import type { Command } from "commander";
import { releaseCommand, type CommonOptions } from "../options";

export function doctorCommand(): Command {
  return releaseCommand("doctor", "what is wrong, why, and what helps").action(async (options: CommonOptions) => {
    const { doctor } = await import("../doctor/doctor.ts");
    await doctor(options);
  });
}
