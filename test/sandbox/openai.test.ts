import { ask, ownSandbox } from './start';

const own = ownSandbox();

const parameters = {
	type: 'object',
	properties: {
		Subscription_ID: { type: 'string' },
		Reason: { type: 'string' },
		Plan_Token: { type: 'string' },
	},
};
const tools = [{ type: 'function', function: { name: 'cancel', parameters } }];
const user = { role: 'user', content: 'Please cancel sub_ben today.' };
const toolSays = (content: unknown) => ({
	role: 'tool',
	tool_call_id: 'call_1',
	content: JSON.stringify(content),
});
const preview = toolSays([{ response: '{"outcome":"preview","planToken":"plan-7"}' }]);

const chat = async (messages: unknown[], more: object = { tools }) =>
	await ask(own.sandbox, 'POST', '/openai/v1/chat/completions', {
		json: { model: 'sandbox-agent', messages, ...more },
	});
const called = (got: Awaited<ReturnType<typeof chat>>) => {
	const [call] = got.body.choices[0].message.tool_calls;
	return [call.function.name, JSON.parse(call.function.arguments)];
};

describe('the scripted model', () => {
	it('calls the first tool without a plan token, with what the prompt says', async () => {
		const got = await chat([{ role: 'system', content: 'Be careful.' }, user]);
		expect(got.body.choices[0].finish_reason).toBe('tool_calls');
		expect(called(got)).toEqual(['cancel', { Subscription_ID: 'sub_ben', Reason: '' }]);
	});

	it('previews, whichever tool is offered first', async () => {
		const named = (name: string, more: object = parameters) => ({
			type: 'function',
			function: { name, parameters: more },
		});
		const find = named('find', { type: 'object', properties: { Email: { type: 'string' } } });
		const first = async (...offered: object[]) => called(await chat([user], { tools: offered }))[0];
		expect(await first(find, named('cancel'))).toBe('cancel');
		expect(await first(find, named('cancel'), named('Preview_it', find))).toBe('Preview_it');
		expect(await first(find)).toBe('find');
	});

	it('calls it again with the plan token of the preview', async () => {
		expect(called(await chat([user, preview]))).toEqual([
			'cancel',
			{ Subscription_ID: 'sub_ben', Reason: '', Plan_Token: 'plan-7' },
		]);
	});

	it('says what came of it when the token is used', async () => {
		const used = {
			role: 'assistant',
			content: null,
			tool_calls: [{ function: { name: 'cancel', arguments: '{"Plan_Token":"plan-7"}' } }],
		};
		const { body } = await chat([user, preview, used, toolSays({ outcome: 'scheduled' })]);
		expect(body.choices[0]).toMatchObject({
			finish_reason: 'stop',
			message: { content: 'The tool reported the outcome "scheduled".' },
		});
		const again = await chat([user, preview, used, preview]);
		expect(again.body.choices[0].message.content).toContain('preview');
	});

	it('begins anew when the person speaks again', async () => {
		const got = await chat([user, preview, { role: 'user', content: 'And sub_ada, please.' }]);
		expect(called(got)).toEqual(['cancel', { Subscription_ID: 'sub_ada', Reason: '' }]);
	});

	it('follows another script, set from outside', async () => {
		const script = {
			arguments: { Subscription_ID: 'sub_kim' },
			carryOut: false,
			final: 'I would: {outcome}',
		};
		await ask(own.sandbox, 'PUT', '/_control/openai', { json: script });
		expect(called(await chat([user]))[1]).toMatchObject({ Subscription_ID: 'sub_kim' });
		const { body } = await chat([user, preview]);
		expect(body.choices[0].message.content).toBe('I would: preview');
		const { body: model } = await ask(own.sandbox, 'GET', '/_control/openai');
		expect(model.requests).toHaveLength(2);
	});

	it('has nothing to do without tools', async () => {
		const { body } = await chat([user], {});
		expect(body.choices[0].message.content).toContain('No tool is offered');
	});

	it('streams the same when asked to', async () => {
		const { type, text } = await chat([user], { tools, stream: true });
		expect(type).toContain('text/event-stream');
		const chunks = text.split('\n\n').filter(Boolean);
		expect(chunks.at(-1)).toBe('data: [DONE]');
		const [first] = chunks.map((chunk) => chunk.slice('data: '.length));
		expect(JSON.parse(first).choices[0].delta.tool_calls[0]).toMatchObject({
			index: 0,
			function: { name: 'cancel' },
		});
	});

	it('speaks the newer interface as well', async () => {
		const respond = (input: unknown, stream = false) =>
			ask(own.sandbox, 'POST', '/openai/v1/responses', {
				json: {
					model: 'sandbox-agent',
					input,
					stream,
					tools: [{ type: 'function', name: 'cancel', parameters }],
				},
			});
		const first = await respond([user]);
		expect(first.body.output[0]).toMatchObject({ type: 'function_call', name: 'cancel' });
		const output = { type: 'function_call_output', call_id: 'x', output: preview.content };
		const second = await respond([user, first.body.output[0], output]);
		expect(JSON.parse(second.body.output[0].arguments)).toMatchObject({ Plan_Token: 'plan-7' });
		const done = { ...output, output: '{"outcome":"scheduled"}' };
		const third = await respond([user, second.body.output[0], done]);
		expect(third.body.output[0].content[0].text).toContain('scheduled');
		const streamed = await respond([user], true);
		expect(streamed.text).toContain('event: response.completed\n');
	});

	it('names its model', async () => {
		const { body } = await ask(own.sandbox, 'GET', '/openai/v1/models');
		expect(body.data).toMatchObject([{ id: 'sandbox-agent' }]);
	});
});
