import type { ApiRequest } from '../contract/http';
import type { Account } from './account';
import { isResponse, type CallResult } from './response';

/** Requests that an account does not have: its key and the last part of their path. */
const unavailable = new Set<string>();

const nameOf = ({ key }: Account, { path }: ApiRequest): string =>
	`${key} ${path.slice(path.lastIndexOf('/') + 1)}`;

/** The request, or the alternative to one that the account is known not to have. */
export function availableRequest(account: Account, request: ApiRequest): ApiRequest {
	const isKnown = unavailable.has(nameOf(account, request));
	return (isKnown && account.alternatives?.alternativeTo(request)) || request;
}

/** The answer says that the account does not have this request: nothing was carried out. */
export const isUnavailable = ({ alternatives }: Account, answer: CallResult): boolean =>
	isResponse(answer) && alternatives?.isUnavailable(answer) === true;

/** From now on the one that the account has is sent first. */
export function rememberAvailable(
	account: Account,
	{ has, lacks }: Record<'has' | 'lacks', ApiRequest>,
) {
	unavailable.add(nameOf(account, lacks));
	unavailable.delete(nameOf(account, has));
}
