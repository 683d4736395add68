import type { ApiRequest } from '../contract/http';
import type { Account } from './account';
import { isResponse, type CallResult } from './response';

/** Forms that an account does not have: its key and the last part of their path. */
const unavailable = new Set<string>();

const nameOf = ({ key }: Account, { path }: ApiRequest): string =>
	`${key} ${path.slice(path.lastIndexOf('/') + 1)}`;

/** The request in the form that the account is known to have. */
export function availableForm(account: Account, request: ApiRequest): ApiRequest {
	const isKnown = unavailable.has(nameOf(account, request));
	return (isKnown && account.requestForms?.otherForm(request)) || request;
}

/** The answer says that the account does not have this form: nothing was carried out. */
export const isUnavailable = ({ requestForms }: Account, answer: CallResult): boolean =>
	isResponse(answer) && requestForms?.isUnavailable(answer) === true;

/** From now on the other form is sent first. */
export function rememberForm(
	account: Account,
	{ has, lacks }: Record<'has' | 'lacks', ApiRequest>,
) {
	unavailable.add(nameOf(account, lacks));
	unavailable.delete(nameOf(account, has));
}
