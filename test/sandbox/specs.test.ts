import OpenAPIResponseValidator from 'openapi-response-validator';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();

/** The vendor's own description of one call, cut out of its documentation page. */
function described(page: string) {
	const text = readFileSync(join(__dirname, '../specs', `${page}.txt`), 'utf8');
	const [, yaml] = /````yaml[^\n]*\n([\s\S]*?)\n````/.exec(text) ?? [];
	const document = parse(yaml, { version: '1.1' }) as {
		paths: Record<string, { post: { responses: Record<string, never> } }>;
		components?: { schemas: Record<string, never> };
	};
	const [path] = Object.values(document.paths);
	return new OpenAPIResponseValidator({
		responses: path.post.responses,
		components: document.components as never,
	});
}

describe('replies as the vendor describes them', () => {
	const firstPromoter = described('firstpromoter-v1-cancellation');
	const reditus = described('reditus-churn-referral');
	const funnelFox = described('funnelfox-cancel-subscription');

	it.each([
		[200, 'uid=cus_ada'],
		[200, 'uid=cus_ben'],
		[200, 'uid=cus_cleo'],
		[400, ''],
	])('FirstPromoter v1 answers %i to "%s"', async (status, query) => {
		const got = await ask(
			own.sandbox,
			'POST',
			`/firstpromoter/api/v1/track/cancellation?${query}`,
			{ headers: signed.firstPromoterV1 },
		);
		expect(got.status).toBe(status);
		expect(firstPromoter.validateResponse(status, got.body)).toBeUndefined();
	});

	it.each([
		[200, 'cus_ada'],
		[404, 'cus_hana'],
		[422, 'cus_ben'],
		[400, ''],
	])('Reditus answers %i to "%s"', async (status, uid) => {
		const got = await ask(own.sandbox, 'POST', '/reditus/api/v1/referrals/churn', {
			headers: signed.reditus,
			json: { referral_uid: uid },
		});
		expect(got.status).toBe(status);
		expect(reditus.validateResponse(status, got.body)).toBeUndefined();
	});

	it.each([
		[200, 'sub_ada'],
		[200, 'sub_ben'],
		[200, 'sub_emil'],
		[200, 'sub_ivo'],
		[400, 'sub_cleo'],
		[404, 'sub_nobody'],
	])('FunnelFox answers %i to "%s"', async (status, id) => {
		const got = await ask(own.sandbox, 'POST', `/funnelfox/public/v1/subscriptions/${id}/cancel`, {
			headers: signed.funnelFox,
		});
		expect(got.status).toBe(status);
		expect(funnelFox.validateResponse(status, got.body)).toBeUndefined();
	});

	it('FunnelFox answers 401 without its secret', async () => {
		const got = await ask(own.sandbox, 'POST', '/funnelfox/public/v1/subscriptions/sub_ada/cancel');
		expect(funnelFox.validateResponse(401, got.body)).toBeUndefined();
	});

	it('notices a reply that is not as described', () => {
		expect(funnelFox.validateResponse(200, { id: 'sub_ada' })).toBeDefined();
	});
});
