/** Who acts when nobody asked: the service itself. */
export const SYSTEM = 'system';
