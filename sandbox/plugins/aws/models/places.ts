/** Where in a request an input goes. */
import { shapeOf, type Model, type Shape } from "./model";

/** The steps of a path, with `[]` as a step of its own. */
export function stepsOf(path: string): string[] {
  return path
    .replaceAll("[]", ".[]")
    .split(".")
    .filter((step) => step !== "");
}

/**
 * The shape one step further. Outside of a list `[]` stays where it is: it is the request itself, made several times.
 *
 * @throws Error where there is no such member.
 */
export function stepInto(model: Model, name: string, step: string): string {
  const shape = shapeOf(model, name);
  if (step === "[]") return shape.member?.shape ?? name;
  const member = shape.members?.[step];
  if (member === undefined) throw new Error(`AWS's ${name} has no ${step}`);
  return member.shape;
}

/** The member that an input means where nothing else is said: the same name but for upper case and plural. */
export function memberNamed(shape: Shape, input: string): string | undefined {
  const wanted = input.toLowerCase();
  const members = Object.keys(shape.members ?? {});
  const same = (test: (member: string) => boolean) => members.find((member) => test(member.toLowerCase()));
  return (
    same((member) => member === wanted) ??
    same((member) => plurals(member).includes(wanted) || plurals(wanted).includes(member))
  );
}

function plurals(word: string): string[] {
  return [`${word}s`, `${word}es`, word.replace(/y$/, "ies")];
}
