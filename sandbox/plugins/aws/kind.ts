/** What the recorder knows of one type of AWS resource. */
export interface Kind {
  /** Outputs that AWS decides; a dot leads into an input that is an object. A plan does not know them. */
  computed: readonly string[];
  /** Inputs that cannot change in place, besides `region`, which never can. */
  forceNew: readonly string[];
  /** The outputs of `computed` that another value of any input changes. */
  moves?: readonly string[];
  autoname?: Autoname;
}

/** The input that is made from the resource's name in the program where it is left out. */
export interface Autoname {
  property: string;
  maxLength: number;
  lowerCase?: true;
}

export type Kinds = Readonly<Record<string, Kind>>;

export const arn = ["arn", "tagsAll"];
