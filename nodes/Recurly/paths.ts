import { segment } from '../shared/contract/http';

/** A subscription by its ID; a UUID, which Recurly's pages show, has a prefix of its own. */
export const pathOf = (id: string): string =>
	`/subscriptions/${segment(/^[0-9a-f]{32}$/.test(id) ? `uuid-${id}` : id)}`;

/** The subscriptions of an account by its ID. */
export const subscriptionsOf = (account: string): string =>
	`/accounts/${segment(account)}/subscriptions`;

/** The subscriptions of an account by the code that the user has given it. */
export const subscriptionsOfCode = (code: string): string => subscriptionsOf(`code-${code}`);
