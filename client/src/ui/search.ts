/** How one parameter of an address is read and written. */
export type Parameter<T> = {
  /** Its value; undefined for a text that means none, as somebody typed it or an older page wrote it. */
  read: (text: string) => T | undefined;
  write: (value: T) => string;
};

/** One of a few values, written as they are. */
export function oneOf<const T extends string | number>(...values: readonly T[]): Parameter<T> {
  return { read: (text) => values.find((value) => String(value) === text), write: String };
}

/**
 * What a person typed or picked. Null where nothing was said, as by an address without the parameter; an empty text is said,
 * and means those that have none.
 *
 * @param longest  longer texts mean nothing
 */
export function anyText(longest: number): Parameter<string | null> {
  return {
    read: (text) => {
      if (text === '' || text.length > longest + 1) return undefined;
      // A hyphen alone says the empty text; before a text that begins with one there is another.
      return text.startsWith('-') ? text.slice(1) : text;
    },
    write: (value) => (value === null ? '' : value === '' || value.startsWith('-') ? `-${value}` : value),
  };
}

/** A calendar day, YYYY-MM-DD; null where none is said. */
export const calendarDay: Parameter<string | null> = {
  read: (text) => {
    const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
    // The 31st of February is read as a day of March: it is none.
    return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) ? text : undefined;
  },
  write: (value) => value ?? '',
};

/** What a room keeps in its address: which parameters, and what each is when the address does not say. */
export type Search<V> = {
  /**
   * What an address says. What it leaves out, and what it says badly, is the default.
   *
   * @param search  of the address, with or without its question mark
   */
  read: (search: string) => V;
  /**
   * An address's search with these values in it, without a question mark. Defaults are left out, parameters that are not
   * declared here stay.
   */
  write: (search: string, values: Partial<V>) => string;
  /** What each is when the address does not say. */
  defaults: V;
};

/**
 * Declares the parameters of a part of the page. Types of the values follow from the parameters.
 *
 * Two parts of one room name their parameters differently: both stand in the same address.
 */
export function declareSearch<V extends object>(
  parameters: { readonly [K in keyof V]: Parameter<V[K]> },
  defaults: NoInfer<V>,
): Search<V> {
  return {
    defaults,
    read: (search) => {
      const given = new URLSearchParams(search);
      const values: V = { ...defaults };
      for (const name in parameters) {
        const text = given.get(name);
        const value = text === null ? undefined : parameters[name].read(text);
        if (value !== undefined) values[name] = value;
      }
      return values;
    },
    write: (search, values) => {
      const written = new URLSearchParams(search);
      for (const name in parameters) {
        const value: V[typeof name] | undefined = values[name];
        if (value === undefined) continue;
        const text = parameters[name].write(value);
        if (text === parameters[name].write(defaults[name])) written.delete(name);
        else written.set(name, text);
      }
      return written.toString();
    },
  };
}
