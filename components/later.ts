/**
 * What a program knows only further down: for a resource that has to come after others which, in turn, are made from what
 * it belongs to. Say it in any case, or the program never ends.
 */
export function later<T>(): { known: Promise<T>; say: (value: T) => void } {
  let say: (value: T) => void = () => undefined;
  const known = new Promise<T>((resolve) => {
    say = resolve;
  });
  return { known, say };
}
