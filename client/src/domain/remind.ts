/** A whole second of UTC as calendars write it. */
const written = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');

/** Hands an entry with an alarm to the viewer's own calendar, as a file: it works with every calendar and needs no permission. */
export function remind(title: string, at: number): void {
  const text = title.replace(/([\\;,])/g, '\\$1');
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//AIBC//Credits//EN',
    'BEGIN:VEVENT',
    `UID:renewal-${at}@aibc-credits`,
    `DTSTAMP:${written(Date.now())}`,
    `DTSTART:${written(at)}`,
    `SUMMARY:${text}`,
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${text}`,
    'TRIGGER:PT0M',
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ];
  const link = document.createElement('a');
  const address = URL.createObjectURL(new Blob([lines.join('\r\n')], { type: 'text/calendar' }));
  link.href = address;
  link.download = 'renewal.ics';
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
