import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { byId } from '../facts';
import { runner } from '../run';
import { answering, arrived, type Prepared } from '../wire';

export const host = 'https://api.smokeball.com';
export const id = 'b471682e-fa17-4e46-b7fe-9b2b8fdcb3c2';
export const ahead = '2099-12-31T00:00:00.000Z';
export const past = '2020-01-01T00:00:00.000Z';
export const token: Record<string, ICredentialDataDecryptedObject> = {
	smokeballApi: { apiKey: 'key_of_firm', accessToken: 'token_of_firm', baseUrl: host },
};

/** An account that was connected, whose token may have expired. */
export const oAuth2 = (more: ICredentialDataDecryptedObject = {}) => ({
	smokeballOAuth2Api: {
		grantType: 'authorizationCode',
		clientId: 'client_of_firm',
		clientSecret: 'secret_of_firm',
		accessTokenUrl: 'https://auth.smokeball.com/oauth2/token',
		authentication: 'header',
		additionalBodyProperties: '{"client_id":"client_of_firm"}',
		apiKey: 'key_of_firm',
		region: 'us',
		environment: 'production',
		oauthTokenData: {
			access_token: 'old_token',
			refresh_token: 'refresh_token_of_firm',
			token_type: 'Bearer',
		},
		...more,
	} as ICredentialDataDecryptedObject,
});

export const smokeball = (...answers: Prepared[]) => answering(host, ...answers);
export const patches = () => arrived.filter(({ method }) => method === 'PATCH');

/** Every operation on one subscription is about the one above, unless a test says otherwise. */
export const { run, one } = runner('smokeball', 'subscription', token, (operation) =>
	operation === 'getAll' ? {} : { subscriptionId: byId(id) },
);

export const answer = (more: IDataObject = {}): IDataObject => ({
	preview: false,
	cancellationType: 'PeriodEnd',
	cancellationBehaviour: 'Cancel',
	cancelAt: ahead,
	reason: null,
	tier: null,
	addOns: [],
	...more,
});
export const record = (more: IDataObject = {}): IDataObject => ({
	id,
	status: 'Active',
	cancellationStatus: 'None',
	currentPeriodEndDate: ahead,
	tier: { name: 'Grow' },
	productSuite: 'Smokeball',
	...more,
});
export const pending = record({
	cancellationStatus: 'Pending',
	cancelAt: ahead,
	canceledAt: past,
});
/** Its end was fixed a moment before it is read. */
export const pendingNow = {
	toJSON: () => ({ ...pending, canceledAt: new Date().toISOString() }),
};
/** One that is read again and again, and does not change. */
export const unchanged = (answer: Prepared): Prepared[] => Array.from({ length: 8 }, () => answer);
export const gone = record({
	status: 'Canceled',
	cancellationStatus: 'Canceled',
	canceledAt: past,
});
export const problem = (status: number, detail: string) => ({
	title: 'Bad Request',
	status,
	detail,
});

/** Of Smokeball itself: the request is over. */
export const serverError: Prepared = [
	500,
	problem(500, 'Internal server error.'),
	{ 'retry-after': '0' },
];
