/** The shape of every response depends on it: without the header the account's own version applies. */
export const apiVersion = '2026-10-28.endive';
