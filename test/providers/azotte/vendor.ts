import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { byId } from '../facts';
import { runner } from '../run';
import { answering, arrived, type Prepared } from '../wire';

export const host = 'https://acme.azotte.com';
export const base = '/api/v1/c2a';
export const urn = 'cu.00.482';
export const order = 'or_01J3X';
export const ahead = '2099-12-31T00:00:00.000Z';
export const past = '2020-01-01T00:00:00.000Z';
export const key: Record<string, ICredentialDataDecryptedObject> = {
	azotteApi: {
		projectName: 'acme',
		environment: 'live',
		tenantId: 'tenant_1',
		apiKey: 'sk_live_secret',
		baseUrl: '',
	},
};

/** Answers in turn, in Azotte's own media type. */
export const azotte = (...answers: Prepared[]) => answering(host, ...answers.map(inItsOwnType));

function inItsOwnType(answer: Prepared): Prepared {
	if (answer === 'silence') return answer;
	const [status, body, headers] = answer;
	const type = { 'Content-Type': 'application/clientOutput+Json', ...headers };
	return [status, typeof body === 'string' ? body : JSON.stringify(body), type];
}

export const said = (messageCode: string, more: IDataObject = {}) => ({
	...more,
	status: { messageCode },
});
/** Of Azotte itself: the request is over. */
export const serverError: Prepared = [500, said('INTERNAL_SERVER_ERROR'), { 'retry-after': '0' }];
export const ok = (more: IDataObject = {}) => said('SUCCESS', more);
export const row = (more: IDataObject = {}): IDataObject => ({
	bundleName: 'Plus',
	state: 'Active',
	endDate: ahead,
	orderIdentifier: order,
	subscriptionChannel: 'Azotte',
	options: { canCancel: true },
	...more,
});
/** The orders of a customer, after another one. */
export const list = (...rows: IDataObject[]) =>
	ok({ result: [row({ orderIdentifier: 'or_other' }), ...rows] });
export const reasons = [{ code: 'PRICE', label: 'Too expensive' }];
export const processed = ok({ responseType: 'Processed', cancellationReasons: reasons });
export const offer = ok({ responseType: 'Offer', offer: { offerIdentifier: 'of_1' } });
export const presentation = ok({ responseType: 'Presentation' });
export const canceled = row({ state: 'Canceled' });

/** Every operation on one order is about the one above, and sent once, unless a test says otherwise. */
export const { run, one } = runner('azotte', 'subscription', key, (operation) => ({
	...(operation !== 'getAll' && { orderIdentifier: byId(order) }),
	options: { maxAttempts: 1 },
}));

export const seen = { customerUrn: urn };
export const paths = () => arrived.map(({ method, path }) => `${method} ${path.replace(base, '')}`);
export const asked = 'POST /subscription/cancel/request';
export const confirmed = 'POST /subscription/cancel/confirm';
export const reactivated = 'POST /subscription/reactivate';
export const looked = `GET /subscription/${urn}`;
