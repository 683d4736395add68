import { Trigger } from './host';
import { credentials, Promoter } from './promoter';

let provider: Promoter;
let trigger: Trigger;

beforeEach(async () => {
	provider = new Promoter();
	trigger = await Trigger.of({ node: 'FirstPromoterTrigger', credentials });
});

describe('a webhook in FirstPromoter', () => {
	it('that cannot be made says why, and what to do', async () => {
		provider.instead = () => [401];
		await expect(trigger.activate()).rejects.toThrow(
			/FirstPromoter did not answer GET \/company\/webhooks.* as expected \(HTTP 401.* Check the credential/,
		);
		provider.instead = ({ method }) =>
			method === 'POST' ? [422, { message: 'Url is invalid', code: 'invalid' }] : undefined;
		await expect(trigger.activate()).rejects.toThrow(
			/HTTP 422: Url is invalid.* Check the settings/,
		);
	});

	it('is not asked for twice where the first call may have been accepted', async () => {
		provider.instead = ({ method }) => (method === 'POST' ? [500, 'boom'] : undefined);
		await expect(trigger.activate()).rejects.toThrow(/HTTP 500.* Try again later/);
		expect(provider.sent.filter(({ method }) => method === 'POST')).toHaveLength(1);
	});

	it('needs at least one event', async () => {
		trigger.parameters.events = [];
		await expect(trigger.activate()).rejects.toThrow(/Events is empty/);
		expect(provider.sent).toEqual([]);
	});
});
