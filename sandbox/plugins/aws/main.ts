/**
 * `pulumi-resource-aws`, a recorder in place of the provider of @pulumi/aws, for plans without credentials. It never
 * talks to AWS, and refuses every real change.
 */
import * as path from "node:path";
import { serveProvider } from "../shared/provider";
import { checkBy } from "./models/check";
import { readModels } from "./models/model";
import { awsRecorder } from "./provider";

// The installation puts the models beside the file that this becomes.
const models = readModels(path.join(__dirname, "aws-models.json"));
void serveProvider(awsRecorder(process.env, checkBy(models)));
