declare const brand: unique symbol;

/** A type of its own at compile time, its base at run time: ids of different things cannot be mixed up. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
