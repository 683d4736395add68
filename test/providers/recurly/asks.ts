import { keys } from '../../../sandbox/keys';
import { sampleId, uuidOf } from '../../../sandbox/providers/recurly/ids';
import { acceptHeaders } from '../../../sandbox/providers/recurly/version';
import type { Ask } from '../facts';

export const headers = {
	authorization: `Basic ${Buffer.from(`${keys.recurly.apiKey}:`).toString('base64')}`,
	accept: acceptHeaders[0],
};
const sub = (name: string) => sampleId('subscription', name);
const acc = (name: string) => sampleId('account', name);

const ask = (call: string, path: string, status = 200, json?: unknown): Ask => ({
	...{ call, headers, json, status },
	path: `/recurly${path}`,
});
const cancel = (who: string, timeframe?: string, status?: number) =>
	ask(
		'cancelSubscription',
		`/subscriptions/${sub(who)}/cancel`,
		status,
		timeframe === undefined ? undefined : { timeframe },
	);
const terminate = (who: string, query = '?refund=none&charge=false', status?: number) =>
	ask('terminateSubscription', `/subscriptions/${sub(who)}${query}`, status);
const reactivate = (who: string, status?: number) =>
	ask('reactivateSubscription', `/subscriptions/${sub(who)}/reactivate`, status);

/** At least one accepted request for each call that is described. */
export const asks: Ask[] = [
	ask('listSites', '/sites?limit=1'),
	{ ...ask('listSites', '/sites', 406), headers: { ...headers, accept: 'application/json' } },
	...['ada', 'ben', 'cleo', 'dora', 'emil', 'gus', 'hana', 'june', 'bare', 'over_2'].map((who) =>
		ask('getSubscription', `/subscriptions/${sub(who)}`),
	),
	ask('getSubscription', `/subscriptions/uuid-${uuidOf(sub('ada'))}`),
	ask('getSubscription', `/subscriptions/${sub('ivo')}`, 404),
	...['ada', 'ben', 'dora', 'fay'].map((who) => cancel(who, 'bill_date')),
	cancel('dora', 'term_end'),
	cancel('dora'),
	cancel('june', 'bill_date'),
	cancel('cleo', 'bill_date', 422),
	cancel('emil', 'bill_date', 422),
	cancel('gus', 'bill_date', 422),
	cancel('ada', 'immediately', 422),
	cancel('unknown', 'bill_date', 404),
	...['ada', 'cleo', 'emil', 'hana', 'june'].map((who) => terminate(who)),
	terminate('ada', '?refund=partial&charge=true'),
	terminate('ada', ''),
	terminate('gus', undefined, 422),
	terminate('ada', '?refund=half', 422),
	terminate('unknown', undefined, 404),
	reactivate('cleo'),
	reactivate('ada', 422),
	reactivate('gus', 422),
	reactivate('unknown', 404),
	ask('listSubscriptions', '/subscriptions?state=live&limit=200'),
	ask('listSubscriptions', '/subscriptions?state=paused', 400),
	ask('listSubscriptions', '/subscriptions?limit=201', 400),
	ask('listAccountSubscriptions', `/accounts/${acc('many')}/subscriptions`),
	ask(
		'listAccountSubscriptions',
		`/accounts/code-${encodeURIComponent('capital & co/7')}/subscriptions`,
	),
	ask('listAccountSubscriptions', '/accounts/code-unknown/subscriptions', 404),
	ask('listAccounts', '/accounts?email=twin@example.com'),
	ask('listAccounts', '/accounts?email='),
	ask('listAccounts', '/accounts?name=ada', 400),
];
