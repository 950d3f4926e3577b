import type { Room } from './room.js';

/** A room's name in the navigation; one that is shown short is still heard whole. */
export function RoomName({ room, isCurrent, isShort }: { room: Room; isCurrent: boolean; isShort: boolean }) {
  const { title, shortTitle, Word } = room;
  const name =
    isShort && shortTitle !== title ? (
      <>
        <span aria-hidden="true">{shortTitle}</span>
        <span className="visually-hidden">{title}</span>
      </>
    ) : (
      title
    );
  return Word === undefined ? <span>{name}</span> : <Word isCurrent={isCurrent}>{name}</Word>;
}
