import type { Ask } from '../providers/facts';
import { asks as asksByProvider } from '../providers/samples';
import { allCalls, type DescribedCall } from '../specs/described';
import { ask, ownSandbox } from './start';

const own = ownSandbox();
const calls = allCalls();

interface ExampleRequest extends Ask {
	described: DescribedCall;
	title: string;
}
const asks: ExampleRequest[] = Object.entries(asksByProvider).flatMap(([provider, all]) =>
	all.map((one) => ({
		...one,
		described: calls.find((call) => call.provider === provider && call.id === one.call)!,
		title: `${provider} ${one.call} ${one.path} ${JSON.stringify(one.json ?? one.form ?? '')}`,
	})),
);
const accepted = asks.filter(({ status }) => status >= 200 && status < 300);

const answer = async ({ described, path, json, form, headers, made }: ExampleRequest) => {
	const { method } = described;
	if (!made) return await ask(own.sandbox, method, path, { json, form, headers });
	const { body } = await ask(own.sandbox, 'POST', made.path, made);
	const id = (body.data ?? body.webhook_endpoint ?? body).id as string;
	return await ask(own.sandbox, method, path.replace('{made}', id), { json, form, headers });
};

test('every documented operation has an example request', () => {
	const names = (all: DescribedCall[]) => all.map(({ provider, id }) => `${provider}.${id}`);
	expect(new Set(names(accepted.map(({ described }) => described)))).toEqual(new Set(names(calls)));
	expect(asks.filter(({ described }) => described === undefined)).toEqual([]);
});

test.each(asks)('$title responds $status as documented', async (one) => {
	const got = await answer(one);
	expect(got.status).toBe(one.status);
	expect(one.described.againstReply(one.status, got.body)).toBeUndefined();
});

test.each(accepted)('$title without a key is refused as documented', async (one) => {
	const got = await answer({ ...one, headers: {} });
	expect(got.status).toBe(one.call === 'token' ? 400 : (one.withoutKey ?? 401));
	expect(one.described.againstReply(got.status, got.body)).toBeUndefined();
});
