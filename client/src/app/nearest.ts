type Named = { path: string; title: string };

/** How many letters must be put in, taken out or changed to make one word of the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_each, index) => index);
  for (const [at, letter] of [...from].entries()) {
    const next = [at + 1];
    for (const [index, other] of [...to].entries())
      next.push(
        Math.min((next[index] ?? 0) + 1, (row[index + 1] ?? 0) + 1, (row[index] ?? 0) + (letter === other ? 0 : 1)),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[/ ]/)
    .filter((word) => word !== '');

/** Between two words, from 0 for one that begins with the other to 1 for those that share nothing. */
function far(asked: string, own: string): number {
  const shorter = Math.min(asked.length, own.length);
  if (shorter > 2 && asked.slice(0, shorter) === own.slice(0, shorter)) return 0;
  return distance(asked, own) / Math.max(asked.length, own.length);
}

/** Longer ones are no slip of the keys. */
const wordMax = 40;

/**
 * The rooms, the likeliest meant by an address first: those of which a word of path or title begins as a word of the address
 * does, then those that differ from it in few letters.
 *
 * @param path  as it was typed, below the base path
 */
export function nearestTo<R extends Named>(path: string, rooms: readonly R[]): R[] {
  const asked = wordsOf(path.slice(0, 200)).map((word) => word.slice(0, wordMax));
  return rooms
    .map((room) => {
      const own = wordsOf(`${room.path} ${room.title}`);
      return { room, far: Math.min(...asked.flatMap((each) => own.map((word) => far(each, word)))) };
    })
    .toSorted((a, b) => a.far - b.far)
    .map(({ room }) => room);
}
